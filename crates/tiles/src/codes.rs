//! What rows must have in common to be drawn as one shape, in short numbers that are quick to compare.

use model::{Collection, Tags};
use spatial_index::Marks;

/// Collection, codes and whether it is synthetic: rows that differ in any are never one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Codes {
    pub collection: Collection,
    pub tags: Tags,
    pub is_synthetic: bool,
}

impl Codes {
    /// Whether it is drawn above others: the confirmed is never hidden by the suspected.
    pub fn is_confirmed(&self) -> bool {
        self.tags.classification == Some("confirmed")
    }
}

impl From<&Marks> for Codes {
    fn from(marks: &Marks) -> Self {
        Self { collection: marks.collection, tags: marks.tags, is_synthetic: marks.synthetic }
    }
}

/// Numbers for the codes that occur in a tile.
pub(crate) struct CodeBook {
    all: Vec<Codes>,
    /// The last marks of each remainder, by where they stand in memory: there is one copy of each, and looking there is
    /// quicker than comparing texts.
    lately: Vec<Option<(&'static Marks, u16)>>,
}

/// How many marks are remembered by where they stand: a power of two, more than a register has in use.
const LATELY: usize = 1024;

impl CodeBook {
    pub fn new() -> Self {
        Self { all: Vec::new(), lately: vec![None; LATELY] }
    }

    /// The number of the codes among the marks, the same whenever they come again.
    pub fn number(&mut self, marks: &'static Marks) -> u16 {
        let place = std::ptr::from_ref(marks).addr();
        let slot = place.wrapping_mul(MIX) >> (usize::BITS - LATELY.trailing_zeros());
        match self.lately[slot] {
            Some((known, number)) if std::ptr::eq(known, marks) => number,
            _ => {
                let number = self.number_by_text(&marks.into());
                self.lately[slot] = Some((marks, number));
                number
            }
        }
    }

    /// Marks that differ in what is not drawn have the same codes.
    fn number_by_text(&mut self, codes: &Codes) -> u16 {
        let known = self.all.iter().position(|other| other == codes);
        let index = known.unwrap_or_else(|| {
            self.all.push(*codes);
            self.all.len() - 1
        });
        u16::try_from(index).expect("the lists of codes make fewer than 65,536 combinations")
    }

    pub fn get(&self, number: u16) -> &Codes {
        &self.all[usize::from(number)]
    }
}

/// An odd number with its bits well spread (the golden ratio's).
const MIX: usize = 0x9E37_79B9_7F4A_7C15_u64 as usize;

#[cfg(test)]
mod tests {
    use super::*;
    use access::Level;

    fn marks(classification: &'static str, synthetic: bool, level: Level) -> &'static Marks {
        let tags = Tags { classification: Some(classification), ..Tags::default() };
        let (collection, form) = (Collection::HazardousAreas, None);
        let marks = Marks { collection, tags, level, form, withdrawn: false, has_left: false, synthetic };
        Box::leak(Box::new(marks))
    }

    #[test]
    fn equal_codes_have_one_number_wherever_their_marks_stand_and_others_another() {
        let mut book = CodeBook::new();
        let confirmed = book.number(marks("confirmed", false, Level::Public));
        assert_eq!(book.number(marks("confirmed", false, Level::Public)), confirmed);
        assert_eq!(book.number(marks("confirmed", false, Level::Restricted)), confirmed);
        assert_ne!(book.number(marks("suspected", false, Level::Public)), confirmed);
        assert_ne!(book.number(marks("confirmed", true, Level::Public)), confirmed);
        assert_eq!(book.all.len(), 3);
    }
}
