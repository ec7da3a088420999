//! What a field is: its name, its kind, and its labels.

use crate::CodeList;

/// A label in the register's two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// English.
    pub en: &'static str,
    /// Ukrainian.
    pub uk: &'static str,
}

/// What values a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Free text.
    Text,
    /// One code of a list.
    Code(&'static CodeList),
    /// Several codes of a list, each once.
    Codes(&'static CodeList),
    /// A calendar date, ISO 8601.
    Date,
    /// A finite number, zero or more, in the field's unit.
    Number,
    /// A list of texts.
    Texts,
    /// A list of structures (JSON objects).
    Structures,
    /// One structure (a JSON object).
    Structure,
}

impl Kind {
    /// Name of the kind in the vocabulary.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Code(_) => "code",
            Kind::Codes(_) => "codes",
            Kind::Date => "date",
            Kind::Number => "number",
            Kind::Texts => "texts",
            Kind::Structures => "structures",
            Kind::Structure => "structure",
        }
    }

    /// The code list the values come from, if they are codes.
    pub fn codes(self) -> Option<&'static CodeList> {
        match self {
            Kind::Code(list) | Kind::Codes(list) => Some(list),
            Kind::Text | Kind::Date | Kind::Number | Kind::Texts | Kind::Structures | Kind::Structure => None,
        }
    }
}

/// One field of a collection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Name, snake case, unit as suffix.
    pub name: &'static str,
    /// Label for people.
    pub label: Label,
    /// What it holds.
    pub kind: Kind,
    /// Whether a complete record has it.
    pub required: bool,
    /// The value assumed where an import lacks the field: the most cautious one, with a finding, where the
    /// field is required.
    pub cautious: Option<&'static str>,
}

impl Field {
    pub(crate) const fn new(name: &'static str, en: &'static str, uk: &'static str, kind: Kind) -> Self {
        Self { name, label: Label { en, uk }, kind, required: false, cautious: None }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Absent values are filled in silently.
    pub(crate) const fn default(mut self, value: &'static str) -> Self {
        self.cautious = Some(value);
        self
    }

    pub(crate) const fn cautious(mut self, value: &'static str) -> Self {
        self.required = true;
        self.cautious = Some(value);
        self
    }

    /// Unit of the value, read off the name's suffix.
    pub fn unit(&self) -> Option<&'static str> {
        const SUFFIXES: [(&str, &str); 5] =
            [("_m2", "m²"), ("_cm", "cm"), ("_deg", "°"), ("_m", "m"), ("_h", "h")];
        SUFFIXES.iter().find(|(suffix, _)| self.name.ends_with(suffix)).map(|(_, unit)| *unit)
    }
}
