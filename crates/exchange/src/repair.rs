//! JSON as other programs wrongly write it: `NaN`, `Infinity`, a comma before a closing bracket.

use crate::json_scan::{skip, string_end};

/// The words that stand for no number, longest first.
const WORDS: [&str; 6] = ["-Infinity", "Infinity", "-inf", "NaN", "nan", "inf"];

/// The text with such words as strings and without such commas; `None` where there is nothing to mend.
pub(crate) fn json(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let (mut mended, mut copied, mut at) = (String::new(), 0, 0);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at = string_end(bytes, at)?;
            continue;
        }
        let word = WORDS.into_iter().find(|word| bytes[at..].starts_with(word.as_bytes()));
        let is_stray_comma =
            bytes[at] == b',' && matches!(bytes.get(skip(bytes, at + 1, b"")), Some(b'}' | b']'));
        let (length, instead) = match word {
            Some(word) => (word.len(), format!("{word:?}")),
            None if is_stray_comma => (1, String::new()),
            None => {
                at += 1;
                continue;
            }
        };
        mended.push_str(text.get(copied..at)?);
        mended.push_str(&instead);
        at += length;
        copied = at;
    }
    if copied == 0 {
        return None;
    }
    mended.push_str(text.get(copied..)?);
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_no_number_become_text_and_stray_commas_go() {
        let mended = json(r#"{"a":[NaN,-Infinity,1,],"NaN,}":"inf",}"#).expect("mended");
        assert_eq!(mended, r#"{"a":["NaN","-Infinity",1],"NaN,}":"inf"}"#);
        assert_eq!(json(r#"{"a":[1,2]}"#), None);
    }
}
