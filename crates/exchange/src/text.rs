//! Bytes → text, for files that do not say their encoding.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251, WINDOWS_1252};
use model::{Finding, Severity};

/// Text of a whole file, and a note where its encoding was assumed.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<Finding>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[mark..]);
        let note = had_errors.then(|| note(encoding, "though it is not clean text of that encoding"));
        return (text, note);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => {
            let encoding = guess(bytes);
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            (text, Some(note(encoding, "because it is not UTF-8")))
        }
    }
}

/// Cyrillic or Western single-byte text: in Windows-1251 letters are 0xC0 and above and stand in words, in
/// Western text such bytes stand alone between plain letters.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    let high =
        |byte: &u8| *byte >= 0xc0 || matches!(byte, 0xb2 | 0xb3 | 0xbf | 0xba | 0xaf | 0xaa | 0xa5 | 0xb4);
    let in_words = bytes.windows(2).filter(|pair| high(&pair[0]) && high(&pair[1])).count();
    let all = bytes.iter().filter(|byte| high(byte)).count();
    if in_words * 2 > all { WINDOWS_1251 } else { WINDOWS_1252 }
}

/// The encoding that a `.cpg` file or a code page number names.
pub(crate) fn named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_start_matches('\u{feff}');
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            Encoding::for_label(format!("windows-{digits}").as_bytes())
        }
        "866" => Encoding::for_label(b"ibm866"),
        "65001" => Some(UTF_8),
        number if number.starts_with("8859") && number.len() > 4 => {
            Encoding::for_label(format!("iso-8859-{}", &number[4..]).as_bytes())
        }
        _ => Encoding::for_label(label.as_bytes()),
    }
}

/// A note that an encoding was assumed.
pub(crate) fn note(encoding: &'static Encoding, why: &str) -> Finding {
    let message = format!("text read as {} {why}", encoding.name());
    Finding::new("file.encoding_assumed", Severity::Low, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_utf_8_is_read_as_windows_1251_or_1252_and_said() {
        let (ukrainian, _, _) = WINDOWS_1251.encode("name;Міна біля дороги, підозра");
        assert_eq!(decode(&ukrainian).0, "name;Міна біля дороги, підозра");
        let (dutch, _, _) = WINDOWS_1252.encode("name;Initieel geïnterpreteerd, één café");
        let (text, note) = decode(&dutch);
        assert_eq!(text, "name;Initieel geïnterpreteerd, één café");
        assert!(note.expect("said").message.contains("windows-1252"));
    }

    #[test]
    fn marks_of_utf_8_and_utf_16_are_honoured_and_left_out() {
        assert_eq!(decode(b"\xef\xbb\xbfa,b"), ("a,b".into(), None));
        assert_eq!(decode(b"\xff\xfea\0,\0b\0"), ("a,b".into(), None));
    }

    #[test]
    fn code_pages_are_known_by_their_usual_names() {
        for (label, name) in [
            ("UTF-8", "UTF-8"),
            ("ANSI 1251", "windows-1251"),
            ("1251", "windows-1251"),
            ("88591", "windows-1252"),
            ("ISO 8859-5", "ISO-8859-5"),
        ] {
            assert_eq!(named(label).expect(label).name(), name);
        }
        assert_eq!(named("klingon"), None);
    }
}
