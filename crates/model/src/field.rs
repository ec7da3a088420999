//! What a field is: its name, its kind, its labels, and what it means.

use crate::{CodeList, Collection};

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
    /// A finite number in the field's unit, within the range that the field states.
    Number,
    /// A whole number, zero or more.
    Count,
    /// True or false.
    Truth,
    /// A list of texts.
    Texts,
    /// A place: an object with `lon` and `lat` in WGS 84 degrees; further members are texts.
    Position,
    /// The name of one record: the register's identifier or the operator's.
    Reference(Collection),
    /// Names of records.
    References(Collection),
    /// One structure (a JSON object) of these members.
    Structure(&'static [Field]),
    /// A list of structures of these members.
    Structures(&'static [Field]),
}

impl Kind {
    /// Name of the kind in the vocabulary (`docs/API.md`, Words).
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Code(_) => "code",
            Kind::Codes(_) => "codes",
            Kind::Date => "date",
            Kind::Number => "number",
            Kind::Count => "count",
            Kind::Truth => "truth",
            Kind::Texts => "texts",
            Kind::Position => "position",
            Kind::Reference(_) => "reference",
            Kind::References(_) => "references",
            Kind::Structure(_) => "structure",
            Kind::Structures(_) => "structures",
        }
    }

    /// The code list the values come from, if they are codes.
    pub fn codes(self) -> Option<&'static CodeList> {
        if let Kind::Code(list) | Kind::Codes(list) = self { Some(list) } else { None }
    }

    /// The members of a structure; none for other kinds.
    pub fn members(self) -> &'static [Field] {
        if let Kind::Structure(members) | Kind::Structures(members) = self { members } else { &[] }
    }

    /// The collection whose records the values name.
    pub fn refers_to(self) -> Option<Collection> {
        if let Kind::Reference(collection) | Kind::References(collection) = self {
            Some(collection)
        } else {
            None
        }
    }
}

/// One field of a collection, or one member of a structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Name, snake case, unit as suffix.
    pub name: &'static str,
    /// Label for people.
    pub label: Label,
    /// What it means, in own words, where the label is not enough.
    pub help: Option<Label>,
    /// What it holds.
    pub kind: Kind,
    /// Whether a complete record has it.
    pub required: bool,
    /// The value assumed where an import lacks the field: the most cautious one, with a finding, where the
    /// field is required.
    pub cautious: Option<&'static str>,
    /// Least and greatest number, both allowed; elsewhere zero to [`crate::limits::NUMBER_MAX`].
    pub range: Option<[f64; 2]>,
    /// Whether a date may lie in the future: a plan, or the end of a permission.
    pub is_plan: bool,
    /// Whether it tells of a person: kept apart from the rest of the record, and never published.
    pub is_personal: bool,
}

impl Field {
    pub(crate) const fn new(name: &'static str, en: &'static str, uk: &'static str, kind: Kind) -> Self {
        let label = Label { en, uk };
        Self {
            name,
            label,
            help: None,
            kind,
            required: false,
            cautious: None,
            range: None,
            is_plan: false,
            is_personal: false,
        }
    }

    pub(crate) const fn help(mut self, en: &'static str, uk: &'static str) -> Self {
        self.help = Some(Label { en, uk });
        self
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

    pub(crate) const fn range(mut self, least: f64, greatest: f64) -> Self {
        self.range = Some([least, greatest]);
        self
    }

    /// The date may lie in the future.
    pub(crate) const fn plan(mut self) -> Self {
        self.is_plan = true;
        self
    }

    /// The field tells of a person.
    pub(crate) const fn personal(mut self) -> Self {
        self.is_personal = true;
        self
    }

    /// Unit of the value, read off the name's suffix.
    pub fn unit(&self) -> Option<&'static str> {
        const SUFFIXES: [(&str, &str); 5] =
            [("_m2", "m²"), ("_cm", "cm"), ("_deg", "°"), ("_m", "m"), ("_h", "h")];
        SUFFIXES.iter().find(|(suffix, _)| self.name.ends_with(suffix)).map(|(_, unit)| *unit)
    }
}
