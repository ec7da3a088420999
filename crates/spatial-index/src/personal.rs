//! Personal data stands apart from the rest of a record, from the moment a row is made.

use std::borrow::Cow;

use model::{Collection, Properties};

/// Properties without personal data, and the personal data.
pub(crate) fn apart(collection: Collection, properties: &str) -> (Cow<'_, str>, Option<Box<str>>) {
    let mut names = collection.fields().filter(|field| field.is_personal).map(|field| field.name).peekable();
    // Hardly any record has some: their text is not touched.
    if names.peek().is_none() {
        return (Cow::Borrowed(properties), None);
    }
    let Ok(mut stored) = serde_json::from_str::<Properties>(properties) else {
        return (Cow::Borrowed(properties), None);
    };
    let of_persons: Properties =
        names.filter_map(|name| Some((name.to_owned(), stored.shift_remove(name)?))).collect();
    if of_persons.is_empty() {
        return (Cow::Borrowed(properties), None);
    }
    let text = |properties: &Properties| serde_json::to_string(properties).ok();
    // What cannot be written as text again does not exist: it was read from text.
    (Cow::Owned(text(&stored).unwrap_or_else(|| "{}".into())), text(&of_persons).map(String::into_boxed_str))
}

/// The two as one again.
pub(crate) fn together(properties: String, personal: Option<&str>) -> String {
    let read = |text: &str| serde_json::from_str::<Properties>(text).ok();
    let Some((mut stored, of_persons)) = personal.and_then(|p| read(&properties).zip(read(p))) else {
        return properties;
    };
    stored.extend(of_persons);
    serde_json::to_string(&stored).unwrap_or(properties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reported_stands_apart_and_nothing_else_does() {
        let text = r#"{"kind":"item_seen","reporter":"Олена, +380","name":"reporter"}"#;
        let (rest, personal) = apart(Collection::HazardReports, text);
        assert_eq!(&*rest, r#"{"kind":"item_seen","name":"reporter"}"#);
        assert_eq!(personal.as_deref(), Some(r#"{"reporter":"Олена, +380"}"#));
        let whole: Properties =
            serde_json::from_str(&together(rest.into_owned(), personal.as_deref())).expect("JSON");
        assert_eq!(whole, serde_json::from_str::<Properties>(text).expect("JSON"));
        let (same, none) = apart(Collection::Surveys, text);
        assert!(&*same == text && none.is_none());
    }
}
