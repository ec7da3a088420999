//! The identifier of a layer: it stands in addresses and names a file.

use std::fmt;

use model::Collection;

use crate::LayerError;

/// Longest identifier, in characters.
const CHARS_MAX: usize = 40;
/// Identifiers that mean something else where layers are served.
const TAKEN: [&str; 3] = ["hazards", "proposals", "style"];

/// A layer's identifier: 1 to 40 lower-case letters, digits and hyphens, a letter first; never that of a
/// collection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Reads an identifier.
    ///
    /// # Errors
    /// Says what is allowed.
    pub fn parse(text: &str) -> Result<Self, LayerError> {
        let refused = |reason: String| LayerError::Name { given: text.to_owned(), reason };
        let is_plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let begins_well = text.starts_with(|c: char| c.is_ascii_lowercase());
        if !is_plain || !begins_well || text.len() > CHARS_MAX {
            let allowed = "lower-case letters, digits and hyphens, a letter first";
            return Err(refused(format!("allowed: 1 to {CHARS_MAX} characters, {allowed}")));
        }
        if TAKEN.contains(&text) || Collection::from_id(text).is_some() {
            let collections = Collection::ALL.map(Collection::id).join(", ");
            return Err(refused(format!("the register itself uses {}, {collections}", TAKEN.join(", "))));
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_is_refused_with_what_is_allowed() {
        for bad in
            ["", "A", "a b", "../x", "a/b", "1a", "-a", "hazards", "style", "surveys", "land_releases", "ä"]
        {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
        assert!(Name::parse(&"a".repeat(41)).is_err());
        assert!(Name::parse("ua-oblasts-2024").is_ok_and(|name| name.as_str() == "ua-oblasts-2024"));
    }
}
