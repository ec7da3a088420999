//! A byte scanner that finds the features of a GeoJSON text before any parser sees them.
//!
//! It follows strings and brackets only, needs no recursion, and goes on behind a broken feature.

use std::ops::Range;

use model::limits::NESTING_MAX;

/// Features cut in half that reach to the end of the file, before the rest is given up.
const LOST_ENDS_MAX: usize = 64;

/// A GeoJSON text taken apart at its top level.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Top {
    /// Members other than `features`: name and value.
    pub members: Vec<(String, Range<usize>)>,
    /// Elements of `features`; `None` where there is no such list.
    pub features: Option<Vec<Element>>,
    /// Where the text stops making sense, and why.
    pub broken: Option<(usize, String)>,
}

/// One element of `features`.
#[derive(Debug, PartialEq)]
pub(crate) enum Element {
    /// Balanced text, for a parser.
    Whole(Range<usize>),
    /// Text that is not, and why.
    Broken(Range<usize>, String),
}

/// Takes a JSON object apart. The text starts with `{`.
pub(crate) fn top(text: &[u8]) -> Top {
    let mut top = Top::default();
    let mut at = skip(text, 1, b",");
    while at < text.len() && text[at] != b'}' {
        match member(text, at, &mut top) {
            Ok(next) => at = skip(text, next, b","),
            Err(fault) => {
                top.broken.get_or_insert(fault);
                return top;
            }
        }
    }
    if at >= text.len() {
        top.broken.get_or_insert((text.len(), "the file ends before its closing bracket".to_owned()));
    } else if skip(text, at + 1, b"") < text.len() {
        let at = skip(text, at + 1, b"");
        top.broken.get_or_insert((at, "something follows the closing bracket".to_owned()));
    }
    top
}

/// Reads one member and says where the next begins.
fn member(text: &[u8], at: usize, top: &mut Top) -> Result<usize, (usize, String)> {
    let fault = |at: usize, what: &str| Err((at, what.to_owned()));
    if text[at] != b'"' {
        return fault(at, "a member name in quotes was expected");
    }
    let Some(key_end) = string_end(text, at) else { return fault(text.len(), "the file ends within a name") };
    let key = String::from_utf8_lossy(&text[at + 1..key_end - 1]).into_owned();
    let colon = skip(text, key_end, b"");
    if text.get(colon) != Some(&b':') {
        return fault(colon, "a colon was expected");
    }
    let start = skip(text, colon + 1, b"");
    if key == "features" && text.get(start) == Some(&b'[') && top.features.is_none() {
        let (elements, next) = elements(text, start + 1, &mut top.broken);
        top.features = Some(elements);
        return Ok(next);
    }
    match value_end(text, start) {
        Some(end) if end > start => {
            top.members.push((key, start..end));
            Ok(end)
        }
        Some(_) => fault(start, "a value was expected"),
        None => fault(text.len(), &format!("the file ends within the member {key:?}")),
    }
}

/// The elements of a list from behind its opening bracket, and where it ends.
fn elements(text: &[u8], start: usize, broken: &mut Option<(usize, String)>) -> (Vec<Element>, usize) {
    let mut found = Vec::new();
    let mut lost_ends = 0;
    let mut at = skip(text, start, b",");
    while at < text.len() && text[at] != b']' {
        let next = match text[at] {
            b'{' => match object_end(text, at) {
                Ok((end, deepest)) => {
                    found.push(within_depth(at..end, deepest));
                    end
                }
                Err(trouble) => {
                    lost_ends += usize::from(trouble.at >= text.len());
                    let next = resume(text, &trouble, lost_ends);
                    found.push(Element::Broken(at..next.min(text.len()), trouble.reason));
                    next
                }
            },
            b'}' => text[at..].iter().position(|byte| *byte == b'{').map_or(text.len(), |next| at + next),
            _ => {
                let end = value_end(text, at).unwrap_or(text.len()).max(at + 1);
                found.push(Element::Whole(at..end));
                end
            }
        };
        at = skip(text, next, b",");
    }
    if at >= text.len() {
        broken.get_or_insert((text.len(), "the file ends within the list of features".to_owned()));
    }
    (found, (at + 1).min(text.len()))
}

fn within_depth(range: Range<usize>, deepest: usize) -> Element {
    if deepest <= NESTING_MAX {
        return Element::Whole(range);
    }
    Element::Broken(range, format!("nested {deepest} deep; at most {NESTING_MAX} (NESTING_MAX) are read"))
}

/// Why an object does not end, and where the next feature begins if that can be told.
struct Trouble {
    at: usize,
    next: Option<usize>,
    reason: String,
}

fn resume(text: &[u8], trouble: &Trouble, lost_ends: usize) -> usize {
    match trouble.next {
        Some(next) if lost_ends <= LOST_ENDS_MAX => next,
        Some(_) => text.len(),
        // A `]` may well be the end of the list; a `}` that closes nothing is stepped over.
        None if text.get(trouble.at) == Some(&b'}') => trouble.at + 1,
        None => trouble.at,
    }
}

/// End of the object that starts at `start`, and how deep it is nested.
///
/// A feature cut in half swallows the next ones. These are told by `"type": "Feature"` deeper inside; if the
/// brackets do not match in the end, reading goes on at the first of them.
fn object_end(text: &[u8], start: usize) -> Result<(usize, usize), Trouble> {
    let mut open: Vec<usize> = Vec::with_capacity(NESTING_MAX);
    let (mut deepest, mut inner_feature, mut last_string) = (0, None, 0..0);
    let (mut at, mut before) = (start, b' ');
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => {
                let Some(end) = string_end(text, at) else { break };
                if &text[at + 1..end - 1] == b"Feature"
                    && text.get(last_string.clone()) == Some(b"type")
                    && open.len() > 1
                {
                    inner_feature = inner_feature.or(open.last().copied());
                }
                last_string = at + 1..end - 1;
                at = end - 1;
            }
            b'{' if before == b',' && open.last().is_some_and(|at| text[*at] == b'{') => {
                let reason = "the feature is cut off: another begins inside it".to_owned();
                return Err(Trouble { at, next: Some(at), reason });
            }
            b'{' | b'[' => {
                open.push(at);
                deepest = deepest.max(open.len());
            }
            b'}' | b']' => {
                let opened = open.pop().map(|at| text[at]);
                if opened != Some(if byte == b'}' { b'{' } else { b'[' }) {
                    let reason = format!("the bracket {:?} at byte {at} closes nothing", byte as char);
                    return Err(Trouble { at, next: inner_feature, reason });
                }
                if open.is_empty() {
                    return Ok((at + 1, deepest));
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        at += 1;
    }
    let reason = "the feature is cut off by the end of the file or by the next feature".to_owned();
    Err(Trouble { at: text.len(), next: inner_feature, reason })
}

/// End of the value that starts at `start`; `None` where the text ends before it.
pub(crate) fn value_end(text: &[u8], start: usize) -> Option<usize> {
    match text.get(start)? {
        b'"' => string_end(text, start),
        b'{' | b'[' => brackets_end(text, start),
        _ => {
            let ends = |byte: &u8| {
                matches!(byte, b',' | b'}' | b']' | b'{' | b'[' | b':') || byte.is_ascii_whitespace()
            };
            Some(text[start..].iter().position(ends).map_or(text.len(), |length| start + length))
        }
    }
}

fn brackets_end(text: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut at) = (0usize, start);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at)? - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// How deep brackets are nested in a text.
pub fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at).unwrap_or(text.len()) - 1,
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}

/// Position behind the closing quote of the string that opens at `start`.
pub(crate) fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Position of the next byte that is neither white space nor one of `also`.
pub(crate) fn skip(text: &[u8], start: usize, also: &[u8]) -> usize {
    let start = start.min(text.len());
    let stays = |byte: &u8| !byte.is_ascii_whitespace() && !also.contains(byte);
    text[start..].iter().position(stays).map_or(text.len(), |length| start + length)
}

/// The line, from 1, in which a byte stands.
pub(crate) fn line_of(text: &[u8], at: usize) -> usize {
    1 + text[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> (Vec<&str>, Vec<&str>, Option<usize>) {
        let top = top(text.as_bytes());
        let (mut whole, mut broken) = (Vec::new(), Vec::new());
        for element in top.features.unwrap_or_default() {
            match element {
                Element::Whole(range) => whole.push(&text[range]),
                Element::Broken(range, _) => broken.push(&text[range]),
            }
        }
        (whole, broken, top.broken.map(|(at, _)| at))
    }

    #[test]
    fn features_are_found_whatever_the_order_of_members_and_the_content_of_strings() {
        let text = r#"{"name":"a]}\"","features":[{"p":"}]"},{"b":[1,{}]}],"type":"FeatureCollection"}"#;
        assert_eq!(texts(text), (vec![r#"{"p":"}]"}"#, r#"{"b":[1,{}]}"#], vec![], None));
    }

    #[test]
    fn a_feature_cut_in_half_does_not_lose_the_next() {
        let good = r#"{"type":"Feature","geometry":null,"properties":{}}"#;
        for half in [
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,"#,
            r#"{"type":"Feature","geometry":{"type":"Point""#,
            r#"{"type":"Feature","properties":{"a":1}"#,
        ] {
            let text = format!(r#"{{"type":"FeatureCollection","features":[{good},{half},{good},{good}]}}"#);
            let (whole, broken, _) = texts(&text);
            assert_eq!((whole.len(), broken.len()), (3, 1), "{half}");
        }
    }

    #[test]
    fn a_cut_off_file_keeps_what_came_before_and_says_where_it_ends() {
        let text = r#"{"type":"FeatureCollection","features":[{"a":1},{"b":"#;
        assert_eq!(texts(text), (vec![r#"{"a":1}"#], vec![r#"{"b":"#], Some(text.len())));
    }

    #[test]
    fn nesting_beyond_the_limit_is_refused_and_the_limit_is_named() {
        let deep = format!(r#"{{"features":[{{"a":{}1{}}}]}}"#, "[".repeat(40), "]".repeat(40));
        let top = top(deep.as_bytes());
        let Some([Element::Broken(_, reason)]) = top.features.as_deref() else { panic!("{top:?}") };
        assert!(reason.contains("NESTING_MAX"), "{reason}");
    }

    #[test]
    fn a_trailing_comma_and_a_stray_bracket_lose_nothing() {
        assert_eq!(texts(r#"{"features":[{"a":1},]}"#).0.len(), 1);
        assert_eq!(texts(r#"{"features":[{"a":1}},{"b":1}]}"#).0.len(), 2);
    }
}
