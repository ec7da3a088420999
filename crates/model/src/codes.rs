//! The code lists: labels, meanings in own words, and the standard each follows.
//!
//! IMAS text is copyrighted for non-commercial use: nothing here is quoted from it (`docs/GLOSSARY.md`).

use crate::Label;

/// One allowed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The value, lower snake case.
    pub code: &'static str,
    /// Label for people.
    pub label: Label,
    /// What it means, in one sentence.
    pub definition: Label,
}

/// The values a field allows.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Name of the list.
    pub name: &'static str,
    /// The standard it follows, with the clause where one is known.
    pub reference: &'static str,
    /// The codes, in the order people expect them.
    pub codes: &'static [Code],
}

impl CodeList {
    /// The code that `text` spells, whatever its case, spaces or hyphens.
    pub fn read(&self, text: &str) -> Option<&'static str> {
        let codes = || self.codes.iter().map(|code| code.code);
        // As it is stored: without the allocations of the rest.
        codes().find(|code| *code == text).or_else(|| {
            let spelled = text.trim().to_lowercase().replace([' ', '-'], "_");
            codes().find(|code| *code == spelled)
        })
    }

    /// All codes, comma-separated, for messages that say what is allowed.
    pub fn allowed(&self) -> String {
        self.codes.iter().map(|code| code.code).collect::<Vec<_>>().join(", ")
    }
}

/// Declares lists as `NAME = "name", "reference" { "code": "label", "label", "definition", "definition"; … }`,
/// English before Ukrainian, and `LISTS` of them all.
macro_rules! code_lists {
    ($($(#[$doc:meta])* $list:ident = $name:literal, $reference:literal {
        $($code:literal: $en:literal, $uk:literal, $defined_en:literal, $defined_uk:literal;)*
    })*) => {
        $($(#[$doc])* pub static $list: crate::CodeList = crate::CodeList {
            name: $name,
            reference: $reference,
            codes: &[$(crate::Code {
                code: $code,
                label: crate::Label { en: $en, uk: $uk },
                definition: crate::Label { en: $defined_en, uk: $defined_uk },
            }),*],
        };)*
        pub(super) static LISTS: &[&crate::CodeList] = &[$(&$list),*];
    };
}

mod areas;
mod general;
mod minefields;
mod partners;
mod sightings;
mod work;

pub use areas::{
    CLASSIFICATION, CONTAMINATION, EMPLACEMENT, EVIDENCE_KIND, EVIDENCE_SOURCE, EVIDENCE_TYPE, FIXED_BY,
    LAND_USE, MARKING, POINT_TYPE, STATUS,
};
pub use general::{PRIORITY, REVIEW, SHARING};
pub use minefields::{CCW_ITEM, LAID_AS, PATTERN};
pub use partners::{CAPACITY_KIND, CONTRIBUTION_KIND, ORGANISATION_KIND};
pub use sightings::{ACCIDENT_TYPE, ITEM_CONDITION, ITEM_DISPOSAL, REPORT_KIND, TRIAGE};
pub use work::{RELEASE_OUTCOME, SURVEY_RESULT, SURVEY_TYPE, TASK_ACTIVITY, TASK_STATE};

/// Every list.
pub fn all() -> impl Iterator<Item = &'static CodeList> {
    let topics =
        [general::LISTS, areas::LISTS, minefields::LISTS, sightings::LISTS, work::LISTS, partners::LISTS];
    topics.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_whatever_its_case_spaces_or_hyphens() {
        assert_eq!(STATUS.read(" Worked-On "), Some("worked_on"));
        assert_eq!(STATUS.read("finished"), None);
    }

    #[test]
    fn every_list_names_its_source_and_every_code_is_defined_in_both_languages() {
        for list in all() {
            assert!(!list.reference.is_empty(), "{}", list.name);
            for Code { code, definition, label } in list.codes {
                assert!(definition.en.ends_with('.') && definition.uk.ends_with('.'), "{code}");
                assert!(!label.en.is_empty() && label.uk != label.en, "{code}");
            }
        }
    }

    #[test]
    fn list_names_and_the_codes_of_a_list_are_used_once() {
        let names: Vec<_> = all().map(|list| list.name).collect();
        let once: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(once.len(), names.len());
        for list in all() {
            let once: std::collections::HashSet<_> = list.codes.iter().map(|code| code.code).collect();
            assert_eq!(once.len(), list.codes.len(), "{}", list.name);
        }
    }
}
