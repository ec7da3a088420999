//! What rows are told apart by on maps and in counts: few combinations, however many rows.

use std::collections::HashSet;
use std::sync::{LazyLock, RwLock};

use access::{Form, Level};
use model::{Collection, Tags};

/// Collection, codes, sharing and state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Collection.
    pub collection: Collection,
    /// The codes it is drawn by.
    pub tags: Tags,
    /// Who it is shared with.
    pub level: Level,
    /// How it is shown, where it is a public form.
    pub form: Option<Form>,
    /// Whether it is withdrawn.
    pub withdrawn: bool,
    /// Whether it stands in its compartment no more.
    pub has_left: bool,
    /// Whether it belongs to a synthetic demonstration.
    pub synthetic: bool,
}

impl Marks {
    /// Nothing but collection and level.
    pub(crate) fn plain(collection: Collection, level: Level) -> Self {
        let (tags, form) = (Tags::default(), None);
        Self { collection, tags, level, form, withdrawn: false, has_left: false, synthetic: false }
    }

    /// The one copy of them. All parts are of fixed lists, so that what is kept for good is bounded.
    pub(crate) fn interned(self) -> &'static Self {
        static KNOWN: LazyLock<RwLock<HashSet<&'static Marks>>> = LazyLock::new(RwLock::default);
        // What a thread that panicked has left is whole: an entry is there or not.
        let found = KNOWN.read().unwrap_or_else(|poison| poison.into_inner()).get(&self).copied();
        found.unwrap_or_else(|| {
            let mut known = KNOWN.write().unwrap_or_else(|poison| poison.into_inner());
            if let Some(found) = known.get(&self) {
                return found;
            }
            let kept: &'static Self = Box::leak(Box::new(self));
            known.insert(kept);
            kept
        })
    }
}
