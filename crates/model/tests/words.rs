//! Promises about every word that people read: `docs/FIELDS.md` is current, and nothing says that land is safe.

#[path = "../examples/fields.rs"]
mod fields;

use model::{Collection, Effect, Field, codes};

#[test]
fn the_page_about_fields_and_codes_is_current() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/FIELDS.md");
    let page = std::fs::read_to_string(page).expect("docs/FIELDS.md");
    let again = "run: cargo run --release -p model --example fields > docs/FIELDS.md";
    assert!(page == fields::document(), "{again}");
}

/// Words that would promise something about land.
const PROMISES: [&str; 7] = ["safe", "safely", "safety", "clean", "clear", "cleared", "harmless"];

#[test]
fn no_label_definition_or_help_says_that_land_is_safe() {
    let mut texts = Vec::new();
    for code in codes::all().flat_map(|list| list.codes) {
        // The standard's name of an outcome; what it means says that residual risk remains.
        if code.code != "cleared" {
            texts.push(code.label);
        }
        texts.push(code.definition);
    }
    for collection in Collection::ALL {
        texts.push(collection.label());
        collection.fields().chain(collection.computed()).for_each(|field| of_field(field, &mut texts));
    }
    texts.extend(Effect::ALL.map(Effect::label));
    for text in texts {
        for word in text.en.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            assert!(!PROMISES.contains(&word), "{}", text.en);
        }
        for word in text.uk.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            assert!(!word.starts_with("безпечн") && !word.starts_with("чист"), "{}", text.uk);
        }
    }
}

fn of_field(field: &Field, texts: &mut Vec<model::Label>) {
    texts.push(field.label);
    texts.extend(field.help);
    field.kind.members().iter().for_each(|member| of_field(member, texts));
}

#[test]
fn every_field_has_both_languages_and_no_name_twice_in_its_structure() {
    for collection in Collection::ALL {
        holds(collection.fields().chain(collection.computed()).collect());
    }
}

fn holds(fields: Vec<&Field>) {
    let mut names: Vec<_> = fields.iter().map(|field| field.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
    for field in fields {
        assert!(!field.label.en.is_empty() && !field.label.uk.is_ascii(), "{}", field.name);
        holds(field.kind.members().iter().collect());
    }
}
