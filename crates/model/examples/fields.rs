//! Writes `docs/FIELDS.md`: `cargo run -p model --example fields > docs/FIELDS.md`.

use std::fmt::Write;

use model::{CodeList, Collection, Field, Kind, codes};

#[allow(dead_code, reason = "the test that holds the file against this has no main of its own")]
#[allow(clippy::print_stdout)]
fn main() {
    print!("{}", document());
}

/// The whole page.
pub fn document() -> String {
    let mut page = String::from(
        "# Fields and codes\n\nMade from the tables of `crates/model`; do not edit: \
         `cargo run --release -p model --example fields > docs/FIELDS.md`.\n\n\
         `!` is required: an import that lacks it gets the most cautious value, where there is one, and a \
         finding. `=` is computed by the register. Meanings are in our own words; the sources are named for \
         the exact text.\n",
    );
    for collection in Collection::ALL {
        chapter(&mut page, collection);
    }
    page.push_str("\n# Codes\n");
    codes::all().for_each(|list| of_list(&mut page, list));
    page
}

fn chapter(page: &mut String, collection: Collection) {
    let label = collection.label();
    let geometry = match collection.geometry_types() {
        [] => "none".to_owned(),
        types => types.join(", "),
    };
    let _ = write!(
        page,
        "\n## `{collection}`: {} · {}\n\n{} Geometry: {geometry}.\n\n{HEAD}",
        label.en,
        label.uk,
        collection.description()
    );
    collection.fields().for_each(|field| row(page, field, "", if field.required { "!" } else { "" }));
    collection.computed().for_each(|field| row(page, field, "", " ="));
}

const HEAD: &str = "| field | kind | English | Ukrainian | meaning |\n|---|---|---|---|---|\n";

fn row(page: &mut String, field: &Field, above: &str, mark: &str) {
    let name = format!("{above}{}", field.name);
    let help = field.help.map_or(String::new(), |help| format!("{} · {}", help.en, help.uk));
    let (en, uk) = (field.label.en, field.label.uk);
    let _ = writeln!(page, "| `{name}`{mark} | {} | {en} | {uk} | {help} |", kind(field));
    for member in field.kind.members() {
        row(page, member, &format!("{name}."), "");
    }
}

fn kind(field: &Field) -> String {
    let unit = field.unit().map_or(String::new(), |unit| format!(", {unit}"));
    let range = field.range.map_or(String::new(), |[least, most]| format!(", {least} to {most}"));
    let detail = match field.kind {
        Kind::Code(list) | Kind::Codes(list) => format!(" of `{}`", list.name),
        Kind::Reference(collection) | Kind::References(collection) => format!(" to `{collection}`"),
        Kind::Text
        | Kind::Date
        | Kind::Number
        | Kind::Count
        | Kind::Truth
        | Kind::Texts
        | Kind::Position
        | Kind::Structure(_)
        | Kind::Structures(_) => String::new(),
    };
    format!("{}{detail}{unit}{range}", field.kind.name())
}

fn of_list(page: &mut String, list: &CodeList) {
    let _ = write!(page, "\n## `{}`\n\n{}.\n\n", list.name, list.reference);
    page.push_str("| code | English | Ukrainian | meaning |\n|---|---|---|---|\n");
    for code in list.codes {
        let (label, meaning) = (code.label, code.definition);
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} · {} |",
            code.code, label.en, label.uk, meaning.en, meaning.uk
        );
    }
}
