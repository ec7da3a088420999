//! Rows packed at once and never changed: in order of their identifiers, and found by their boxes.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use model::{Bounds, Collection, RecordId};
use rayon::prelude::*;

use crate::Row;
use crate::marks::Marks;
use crate::packed_tree::PackedTree;
use crate::placed::Placed;
use crate::summary::Tally;

/// Rows packed at once, by collection; never changed. Withdrawn ones stand apart.
#[derive(Default)]
pub(crate) struct Base {
    parts: [Packed; Collection::COUNT],
    withdrawn: Vec<Arc<Row>>,
}

/// The rows of one collection, in order of identifiers, and their boxes.
#[derive(Default)]
pub(crate) struct Packed {
    rows: Vec<Arc<Row>>,
    not_placed: Vec<u32>,
    tree: PackedTree,
    /// Of each leaf of the tree, the place of its marks among `all_marks`: low zooms look at nothing else.
    marks: Vec<u16>,
    all_marks: Vec<&'static Marks>,
    tally: OnceLock<Tally>,
}

/// Where a row stands in a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Present(Collection, usize),
    Withdrawn(usize),
}

impl Base {
    /// Packs rows, each identifier once, in any order.
    pub fn pack(mut rows: Vec<Arc<Row>>) -> Self {
        rows.par_sort_unstable_by_key(|row| row.id);
        let (mut parts, mut withdrawn) = ([const { Vec::new() }; Collection::COUNT], Vec::new());
        for row in rows {
            if row.is_withdrawn() { withdrawn.push(row) } else { parts[row.collection().index()].push(row) }
        }
        Self { parts: parts.map(Packed::of), withdrawn }
    }

    /// The rows of a collection.
    pub fn part(&self, collection: Collection) -> &Packed {
        &self.parts[collection.index()]
    }

    /// The rows that are withdrawn, of all collections.
    pub fn withdrawn(&self) -> &[Arc<Row>] {
        &self.withdrawn
    }

    /// Identifiers of all rows.
    pub fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.parts.iter().flat_map(|part| &part.rows).chain(&self.withdrawn).map(|row| row.id)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.rows.len()).sum::<usize>() + self.withdrawn.len()
    }

    /// Where the row of that identifier stands.
    pub fn find(&self, id: RecordId) -> Option<Place> {
        let place = |rows: &[Arc<Row>]| rows.binary_search_by_key(&id, |row| row.id).ok();
        let present = |collection: Collection| {
            place(&self.part(collection).rows).map(|number| Place::Present(collection, number))
        };
        let found = Collection::ALL.into_iter().find_map(present);
        found.or_else(|| place(&self.withdrawn).map(Place::Withdrawn))
    }

    /// The row of that identifier, withdrawn or not.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Row>> {
        match self.find(id)? {
            Place::Present(collection, number) => self.part(collection).rows.get(number),
            Place::Withdrawn(number) => self.withdrawn.get(number),
        }
    }
}

impl Packed {
    fn of(rows: Vec<Arc<Row>>) -> Self {
        let boxes: Vec<_> = rows.par_iter().map(|row| row.boxes()).collect();
        let tree = PackedTree::of(boxes.iter());
        let not_placed = (0_u32..).zip(&rows).filter(|(_, row)| !row.is_placed()).map(|(n, _)| n).collect();
        let mut known = HashMap::new();
        let mut all_marks = Vec::new();
        let marks = tree.rows().map(|row| number(rows[row].marks(), &mut known, &mut all_marks));
        let marks = marks.collect();
        Self { marks, rows, not_placed, tree, all_marks, tally: OnceLock::new() }
    }

    /// In order of identifiers.
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// Numbers of all rows, whether out of date or not; worked out once.
    pub fn tally(&self) -> &Tally {
        self.tally.get_or_init(|| {
            let mut tally = Tally::default();
            self.rows.iter().for_each(|row| tally.add(row));
            tally
        })
    }

    /// Numbers of the rows that have no place on the map.
    pub fn not_placed(&self) -> impl Iterator<Item = usize> {
        self.not_placed.iter().map(|number| *number as usize)
    }

    /// Calls `take` with the number and the handle of each row with a box that touches `bounds`; a row with two boxes may
    /// come twice.
    pub fn touching<'b>(&'b self, bounds: &Bounds, mut take: impl FnMut(usize, Placed<'b>)) {
        self.tree.search(bounds, |leaf| {
            let number = self.tree.row(leaf);
            let marks = self.all_marks[usize::from(self.marks[leaf])];
            let placed = Placed::new(&self.rows[number], marks, self.tree.bounds(leaf));
            take(number, placed.beyond(self.tree.is_beyond(leaf)));
        });
    }
}

/// The place of marks in the list, which they are put into where they are new.
fn number(
    marks: &'static Marks,
    known: &mut HashMap<*const Marks, u16>,
    all: &mut Vec<&'static Marks>,
) -> u16 {
    *known.entry(std::ptr::from_ref(marks)).or_insert_with(|| {
        all.push(marks);
        // Levels, forms and codes are of fixed lists: there are some thousand combinations at the most.
        u16::try_from(all.len() - 1).expect("combinations of codes fit into 16 bits")
    })
}

/// Rows of a base that are out of date, by number.
#[derive(Clone, Default)]
pub(crate) struct Replaced {
    parts: [Option<Arc<Bits>>; Collection::COUNT],
}

#[derive(Clone)]
struct Bits(Vec<u64>);

impl Replaced {
    /// From now on the row there is out of date.
    pub fn add(&mut self, base: &Base, place: Place) {
        let Place::Present(collection, number) = place else { return };
        let bits = self.parts[collection.index()]
            .get_or_insert_with(|| Arc::new(Bits(vec![0; base.part(collection).rows.len().div_ceil(64)])));
        let word = &mut Arc::make_mut(bits).0[number / 64];
        *word |= 1 << (number % 64);
    }

    /// Whether the row of that number is out of date.
    pub fn holds(&self, collection: Collection, number: usize) -> bool {
        let bits = self.parts[collection.index()].as_ref();
        bits.is_some_and(|bits| bits.0[number / 64] & 1 << (number % 64) != 0)
    }

    /// Numbers of the rows of a collection that are out of date.
    pub fn numbers(&self, collection: Collection) -> impl Iterator<Item = usize> {
        let words = self.parts[collection.index()].iter().flat_map(|bits| bits.0.iter().zip(0..));
        words.filter(|(word, _)| **word != 0).flat_map(|(word, index): (&u64, usize)| {
            (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| index * 64 + bit)
        })
    }
}
