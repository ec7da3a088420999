//! What rows must have in common to be drawn as one shape, in short numbers that are quick to compare.

use model::{Collection, Tags};

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

/// Numbers for the codes that occur in a tile.
pub(crate) struct CodeBook {
    all: Vec<Codes>,
    /// The last codes of each remainder, by where their texts stand in memory: those of the lists of codes are
    /// the same for all rows, and quicker to compare than texts.
    lately: Vec<Option<(Place, u16)>>,
}

/// Collection and mark, and where the text of each code stands.
type Place = [usize; 9];

/// How many codes are remembered by where they stand: a power of two, more than a register has in use.
const LATELY: usize = 1024;

impl CodeBook {
    pub fn new() -> Self {
        Self { all: Vec::new(), lately: vec![None; LATELY] }
    }

    /// The number of codes, the same whenever they come again.
    pub fn number(&mut self, codes: &Codes) -> u16 {
        let place = place(codes);
        let mixed = place.iter().fold(0_usize, |sum, part| (sum.rotate_left(5) ^ part).wrapping_mul(MIX));
        let slot = mixed >> (usize::BITS - LATELY.trailing_zeros());
        match self.lately[slot] {
            Some((known, number)) if known == place => number,
            _ => {
                let number = self.number_by_text(codes);
                self.lately[slot] = Some((place, number));
                number
            }
        }
    }

    /// The same text may stand in two places.
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

fn place(codes: &Codes) -> Place {
    let Tags { classification, status, kind, triage, outcome, result, state, review } = codes.tags;
    let at = |code: Option<&'static str>| {
        code.map_or(0, |text| text.as_ptr() as usize ^ text.len().rotate_left(48))
    };
    let own = codes.collection.index() * 2 + usize::from(codes.is_synthetic);
    [
        own,
        at(classification),
        at(status),
        at(kind),
        at(triage),
        at(outcome),
        at(result),
        at(state),
        at(review),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(classification: &'static str, is_synthetic: bool) -> Codes {
        let tags = Tags { classification: Some(classification), ..Tags::default() };
        Codes { collection: Collection::HazardousAreas, tags, is_synthetic }
    }

    #[test]
    fn equal_codes_have_one_number_wherever_their_texts_stand_and_others_another() {
        let mut book = CodeBook::new();
        let elsewhere: &'static str = String::from("confirmed").leak();
        let confirmed = book.number(&codes("confirmed", false));
        assert_eq!(book.number(&codes(elsewhere, false)), confirmed);
        assert_ne!(book.number(&codes("suspected", false)), confirmed);
        assert_ne!(book.number(&codes("confirmed", true)), confirmed);
        assert_eq!((book.number(&codes("confirmed", false)), book.all.len()), (confirmed, 3));
    }
}
