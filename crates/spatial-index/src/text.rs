//! Texts of records in little room: packed with the words that the records of a register have in common.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, LazyLock};

use model::Collection;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// Words that texts have in common.
pub struct Dictionary {
    packing: EncoderDictionary<'static>,
    unpacking: DecoderDictionary<'static>,
}

/// Fast, and with a dictionary nearly as small as the slower levels.
const LEVEL: i32 = 1;
/// A dictionary is made of so many bytes of examples; further ones hardly help.
const EXAMPLE_BYTES_MAX: usize = 48 * 1024;
/// Texts up to this length are kept as they are.
const PLAIN_BYTES_MAX: usize = 48;

impl Dictionary {
    /// A dictionary of example texts, the most typical last.
    pub fn of<'t>(examples: impl Iterator<Item = &'t str>) -> Arc<Self> {
        let mut words: Vec<u8> = Self::vocabulary_text().into_bytes();
        let mut room = EXAMPLE_BYTES_MAX;
        for example in examples {
            room = room.saturating_sub(example.len());
            if room == 0 {
                break;
            }
            words.extend(example.bytes());
        }
        Self::of_bytes(&words)
    }

    /// The dictionary of names and codes that every register has.
    pub fn vocabulary() -> Arc<Self> {
        static VOCABULARY: LazyLock<Arc<Dictionary>> =
            LazyLock::new(|| Dictionary::of_bytes(Dictionary::vocabulary_text().as_bytes()));
        Arc::clone(&VOCABULARY)
    }

    fn of_bytes(words: &[u8]) -> Arc<Self> {
        let (packing, unpacking) = (EncoderDictionary::copy(words, LEVEL), DecoderDictionary::copy(words));
        Arc::new(Self { packing, unpacking })
    }

    fn vocabulary_text() -> String {
        let mut names: Vec<_> =
            Collection::ALL.into_iter().flat_map(|c| c.fields().map(|field| field.name)).collect();
        names.sort_unstable();
        names.dedup();
        let fields: String = names.iter().map(|name| format!("\"{name}\":\",")).collect();
        format!(
            "{fields}{{\"classification\":\"confirmed\",\"status\":\"open\",\"review\":\"unverified\",\
             \"public_form\":\"cells\",\"cell_m\":1000,\"attributes\":{{\"synthetic\":true}}}}\
             \"classification\":\"suspected\",\"status\":\"closed\",\"public_form\":\"exact\"}}"
        )
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dictionary")
    }
}

/// The text of a record, packed where that makes it shorter, and its name, which maps need more often.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// Length of the text, length of the name, the name, then the text: packed where that is shorter than its length.
    bytes: Arc<[u8]>,
}

const NAME_AT: usize = 6;

impl Text {
    /// Keeps a text and its name; no name where it is longer than any that a map can show.
    pub fn new(text: &str, name: Option<&str>, dictionary: &Dictionary) -> Self {
        let packed = (text.len() > PLAIN_BYTES_MAX).then(|| pack(text.as_bytes(), dictionary)).flatten();
        let body = packed.as_deref().unwrap_or(text.as_bytes());
        let name = name.unwrap_or("");
        let (name, name_bytes) = u16::try_from(name.len()).map_or(("", 0), |bytes| (name, bytes));
        let mut bytes = Vec::with_capacity(NAME_AT + name.len() + body.len());
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(name_bytes.to_le_bytes());
        bytes.extend(name.bytes());
        bytes.extend(body);
        Self { bytes: bytes.into() }
    }

    /// The text. `dictionary` is the one it was kept with.
    pub fn read(&self, dictionary: &Dictionary) -> String {
        let length = number(&self.bytes[..4]);
        let body = &self.bytes[NAME_AT + self.name_bytes()..];
        let bytes = if body.len() < length { unpack(body, length, dictionary) } else { body.to_vec() };
        String::from_utf8(bytes).expect("the text that was kept")
    }

    /// The name, where there is one.
    pub fn name(&self) -> Option<&str> {
        let name = &self.bytes[NAME_AT..NAME_AT + self.name_bytes()];
        std::str::from_utf8(name).ok().filter(|name| !name.is_empty())
    }

    fn name_bytes(&self) -> usize {
        number(&self.bytes[4..NAME_AT])
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.bytes.len())
    }
}

/// Shorter than the text, or nothing.
fn pack(text: &[u8], dictionary: &Dictionary) -> Option<Vec<u8>> {
    thread_local! {
        static PACKER: RefCell<Option<zstd::zstd_safe::CCtx<'static>>> = const { RefCell::new(None) };
    }
    PACKER.with_borrow_mut(|packer| {
        let context = packer.get_or_insert_with(zstd::zstd_safe::CCtx::create);
        let mut packed = Vec::with_capacity(text.len());
        // Room for less than the text: what does not fit is no gain.
        let room = text.len() - 1;
        packed.resize(room, 0);
        let length =
            context.compress_using_cdict(&mut packed[..], text, dictionary.packing.as_cdict()).ok()?;
        packed.truncate(length);
        Some(packed)
    })
}

fn unpack(packed: &[u8], length: usize, dictionary: &Dictionary) -> Vec<u8> {
    thread_local! {
        static UNPACKER: RefCell<Option<zstd::zstd_safe::DCtx<'static>>> = const { RefCell::new(None) };
    }
    UNPACKER.with_borrow_mut(|unpacker| {
        let context = unpacker.get_or_insert_with(zstd::zstd_safe::DCtx::create);
        let mut text = vec![0; length];
        let read = context.decompress_using_ddict(&mut text[..], packed, dictionary.unpacking.as_ddict());
        assert_eq!(read, Ok(length), "what this process packed");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_of_a_kind_take_a_fraction_of_their_length() {
        let record = |n: u32| {
            format!(
                r#"{{"external_id":"SYN-HA-{n:07}","name":"Field {n} near Izium","description":"Found by a farmer who reported it.","organisation":"operator_a","reported_on":"2023-11-{:02}","sharing":"public","area_m2":{}.25}}"#,
                n % 28 + 1,
                n * 7
            )
        };
        let examples: Vec<_> = (0..40).map(record).collect();
        let dictionary = Dictionary::of(examples.iter().map(String::as_str));
        let (text, kept) = (record(4_711), Text::new(&record(4_711), Some("Поле"), &dictionary));
        assert_eq!((kept.read(&dictionary), kept.name()), (text.clone(), Some("Поле")));
        assert!(kept.bytes.len() * 3 < text.len(), "{} of {}", kept.bytes.len(), text.len());
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,300}") {
            for dictionary in [Dictionary::vocabulary(), Dictionary::of(["{\"name\":\"Поле\"}"].into_iter())] {
                prop_assert_eq!(Text::new(&text, None, &dictionary).read(&dictionary), text.clone());
            }
        }
    }
}
