//! What is wrong with a record: collected, all shown, each with its place.

use serde::{Deserialize, Serialize};

/// How much a finding matters (GICHD Minimum Data Requirements, quality checks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing to do at once.
    Low,
    /// Should be corrected.
    Medium,
    /// Must be looked at: the shape or the identity of the record is in doubt.
    High,
}

/// One rule that a record breaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name of the rule, such as `geometry.invalid_ring`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The field it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was found and what was expected, for a surveyor to read.
    pub message: String,
    /// Where on the ground: longitude and latitude, WGS 84 degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
}

/// A finding that somebody has looked at and accepted: it stays on record, with who, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedFinding {
    /// The rule.
    pub rule: String,
    /// The field it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Who accepted it.
    pub by: String,
    /// When.
    pub on: jiff::civil::Date,
    /// Why.
    pub reason: String,
}

impl AcceptedFinding {
    /// Whether it is this finding that was accepted.
    pub fn is_of(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.field == finding.field
    }
}

impl Finding {
    /// A finding about the record as a whole.
    pub fn new(rule: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), severity, field: None, message: message.into(), position: None }
    }

    /// The same finding, about one field.
    pub fn in_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same finding, at a place (longitude, latitude).
    pub fn at(mut self, place: geo_types::Coord<f64>) -> Self {
        self.position = Some([place.x, place.y]);
        self
    }
}
