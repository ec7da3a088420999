//! Packed rows in levels, the oldest and largest first: a commit adds a small one, and small ones are packed together
//! aside from it (a log-structured merge tree, O'Neil et al. 1996).

use std::sync::Arc;

use model::{Bounds, Collection, RecordId};

use crate::Row;
use crate::base::{Base, Replaced};
use crate::placed::Placed;
use crate::summary::Tally;

/// A packed base, and which of its rows are out of date.
#[derive(Clone)]
struct Level {
    base: Arc<Base>,
    replaced: Replaced,
}

/// Every packed row of a compartment.
#[derive(Clone, Default)]
pub(crate) struct Levels(Vec<Level>);

/// Levels that are to be one: packed on any thread, while readers and the writer go on.
pub(crate) struct Packing {
    levels: Vec<Level>,
    packed: Option<Arc<Base>>,
}

/// So many levels are left alone.
const LEVELS_MAX: usize = 5;
/// With so many the writer packs them itself.
const UNPACKED_MAX: usize = 24;
/// A level is packed together with younger ones that amount to this share of it.
const SHARE: usize = 4;

impl Levels {
    /// Adds newer rows, each identifier once.
    pub fn push(&mut self, rows: Vec<Arc<Row>>) {
        self.0.push(Level { base: Arc::new(Base::pack(rows)), replaced: Replaced::default() });
        if self.0.len() > UNPACKED_MAX
            && let Some(mut packing) = self.wanted()
        {
            packing.pack();
            self.install(&packing, std::iter::empty());
        }
    }

    /// Whatever stands here of a record is out of date.
    pub fn replace(&mut self, id: RecordId) {
        for Level { base, replaced } in &mut self.0 {
            if let Some(place) = base.find(id) {
                replaced.add(base, place);
            }
        }
    }

    /// The youngest levels that are worth packing together.
    pub fn wanted(&self) -> Option<Packing> {
        let mut from = self.0.len().checked_sub(1)?;
        let mut rows = self.0[from].base.len();
        while from > 0 && rows * SHARE >= self.0[from - 1].base.len() {
            from -= 1;
            rows += self.0[from].base.len();
        }
        let is_due = self.0.len() > LEVELS_MAX && self.0.len() - from > 1;
        is_due.then(|| Packing { levels: self.0[from..].to_vec(), packed: None })
    }

    /// Puts what was packed in the place of its levels; whether they still stand. `newer` are the rows that came since and
    /// are in no level.
    pub fn install(&mut self, packing: &Packing, newer: impl Iterator<Item = RecordId>) -> bool {
        let Some(base) = &packing.packed else { return false };
        let is_first = |level: &Level| Arc::ptr_eq(&level.base, &packing.levels[0].base);
        let Some(from) = self.0.iter().position(is_first) else { return false };
        let until = from + packing.levels.len();
        let same = |(one, other): (&Level, &Level)| Arc::ptr_eq(&one.base, &other.base);
        if until > self.0.len() || !self.0[from..until].iter().zip(&packing.levels).all(same) {
            return false;
        }
        let mut level = Level { base: Arc::clone(base), replaced: Replaced::default() };
        let in_later = self.0[until..].iter().flat_map(|later| later.base.ids());
        for id in in_later.chain(newer) {
            if let Some(place) = base.find(id) {
                level.replaced.add(base, place);
            }
        }
        self.0.splice(from..until, [level]);
        true
    }

    /// The newest version of a record.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.0.iter().rev().find_map(|level| level.base.get(id))
    }

    /// Present rows of a collection after `after`, one run for each level, each in order of identifiers.
    pub fn runs(
        &self,
        collection: Collection,
        after: Option<RecordId>,
    ) -> Vec<Box<dyn Iterator<Item = &Arc<Row>> + '_>> {
        let run =
            |level| Box::new(present(level, collection, after)) as Box<dyn Iterator<Item = &Arc<Row>> + '_>;
        self.0.iter().map(run).collect()
    }

    /// Present rows of a collection that have no place on the map.
    pub fn not_placed(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        self.0.iter().flat_map(move |level| {
            let part = level.base.part(collection);
            let numbers = part.not_placed().filter(move |number| !level.replaced.holds(collection, *number));
            numbers.map(|number| &part.rows()[number])
        })
    }

    /// Calls `take` with each present row of a collection with a box that touches `bounds`.
    pub fn touching<'l>(&'l self, collection: Collection, bounds: &Bounds, mut take: impl FnMut(Placed<'l>)) {
        for Level { base, replaced } in &self.0 {
            base.part(collection).touching(bounds, |number, placed| {
                if !replaced.holds(collection, number) {
                    take(placed);
                }
            });
        }
    }

    /// Numbers of the present rows, by collection.
    pub fn tallies(&self) -> [Tally; Collection::COUNT] {
        Collection::ALL.map(|collection| {
            let of_level = |level: &Level| {
                let part = level.base.part(collection);
                let gone: Vec<_> =
                    level.replaced.numbers(collection).map(|number| &part.rows()[number]).collect();
                let mut tally = part.tally().clone();
                if tally.remove(&gone) {
                    return tally;
                }
                let mut tally = Tally::default();
                present(level, collection, None).for_each(|row| tally.add(row));
                tally
            };
            self.0.iter().map(of_level).fold(Tally::default(), Tally::with)
        })
    }
}

fn present(
    level: &Level,
    collection: Collection,
    after: Option<RecordId>,
) -> impl Iterator<Item = &Arc<Row>> {
    let rows = level.base.part(collection).rows();
    let from = after.map_or(0, |after| rows.partition_point(|row| row.id <= after));
    let numbered = rows[from..].iter().zip(from..);
    numbered.filter(move |(_, number)| !level.replaced.holds(collection, *number)).map(|(row, _)| row)
}

impl Packing {
    /// Packs the levels into one.
    pub fn pack(&mut self) {
        let mut rows: Vec<(usize, Arc<Row>)> = Vec::new();
        for (age, level) in self.levels.iter().rev().enumerate() {
            let present = Collection::ALL.into_iter().flat_map(|collection| present(level, collection, None));
            rows.extend(present.chain(level.base.withdrawn()).map(|row| (age, Arc::clone(row))));
        }
        rows.sort_unstable_by_key(|(age, row)| (row.id, *age));
        rows.dedup_by_key(|(_, row)| row.id);
        self.packed = Some(Arc::new(Base::pack(rows.into_iter().map(|(_, row)| row).collect())));
    }
}
