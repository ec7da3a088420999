//! The register at one revision: never changed, shared by `Arc`. It is asked only through what somebody may see of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Scope, Sight};
use jiff::Timestamp;
use model::RecordId;

use crate::compartment::{Compartment, Home};
use crate::levels::Packing;
use crate::log_entry::Arrival;
use crate::view::{Part, View};
use crate::{LogEntry, Row};

/// Every record as known at one revision, each in the compartment of its level and organisation.
///
/// It answers nothing itself: [`Snapshot::open`] opens the compartments of a [`Scope`], and the [`View`] of them answers.
/// Beside each compartment stands another with the public forms of its records, and one has the public forms of all,
/// numbered on its own: by the public's numbers nobody tells how much else is done.
#[derive(Clone)]
pub struct Snapshot {
    epoch: Arc<str>,
    public_epoch: Arc<str>,
    revision: u64,
    recorded_at: Option<Timestamp>,
    exact: Compartments,
    forms: Compartments,
    public: Arc<Compartment>,
}

type Compartments = BTreeMap<Home, Arc<Compartment>>;

impl Snapshot {
    /// The snapshot of an empty register. `public_epoch` is the epoch of the public's own numbering.
    pub fn empty(epoch: &str, public_epoch: &str) -> Self {
        Self {
            epoch: epoch.into(),
            public_epoch: public_epoch.into(),
            revision: 0,
            recorded_at: None,
            exact: Compartments::new(),
            forms: Compartments::new(),
            public: Arc::default(),
        }
    }

    /// The snapshot of a whole log, its events in order, packed for reading.
    pub fn freeze(
        (epoch, public_epoch): (&str, &str),
        revision: u64,
        recorded_at: Option<Timestamp>,
        entries: impl IntoIterator<Item = Arrival>,
    ) -> Self {
        let mut freezing = Freezing::begin(epoch, public_epoch);
        entries.into_iter().for_each(|entry| freezing.take(entry));
        freezing.finish(revision, recorded_at)
    }

    /// The next snapshot, after further events.
    ///
    /// It costs what the rows changed since the last packing cost in the compartments that are touched, not what the
    /// register does, except when so many have come together that a compartment is packed anew.
    pub fn with(&self, revision: u64, recorded_at: Timestamp, entries: Vec<Arrival>) -> Self {
        let mut next = self.clone();
        entries.into_iter().for_each(|entry| next.take(entry));
        (next.revision, next.recorded_at) = (revision, Some(recorded_at));
        next.settle(self);
        next
    }

    /// Packs the compartments that are others than before.
    fn settle(&mut self, before: &Self) {
        let is_same = |one: &Arc<Compartment>, other: Option<&Arc<Compartment>>| {
            other.is_some_and(|other| Arc::ptr_eq(one, other))
        };
        let pairs = [(&mut self.exact, &before.exact), (&mut self.forms, &before.forms)];
        for (after, before) in pairs {
            let changed = after.iter_mut().filter(|(home, part)| !is_same(part, before.get(home)));
            changed.for_each(|(_, part)| Arc::make_mut(part).settle());
        }
        if !is_same(&self.public, Some(&before.public)) {
            Arc::make_mut(&mut self.public).settle();
        }
    }

    /// Takes in an event, where its record stands. A proposal stands where the record stands that it is of, unless
    /// what is proposed is shared with fewer.
    fn take(&mut self, arrival: Arrival) {
        let (id, stood) = (arrival.id(), self.home_of(&arrival));
        let before = stood.as_ref().and_then(|home| self.exact.get(home)?.newest_version(id)).cloned();
        let meant = arrival.entry.row.home();
        if arrival.action().takes_effect() {
            self.publish(&arrival, stood.as_ref(), &meant);
        }
        let previous = before.as_ref().map_or(0, |row| row.revision);
        let entry = arrival.entry.after(previous);
        if !entry.action().takes_effect() {
            let home = stood.unwrap_or_else(|| meant.clone()).no_more_open_than(&meant);
            return at(&mut self.exact, &home).take(entry);
        }
        if let Some(stood) = stood.filter(|stood| *stood != meant) {
            at(&mut self.exact, &stood).take(left(&entry.row, entry.previous));
            self.take_proposals_along(id, &meant);
        }
        at(&mut self.exact, &meant).take(entry);
    }

    /// What is proposed about a record stands where the record stands, wherever that was before.
    fn take_proposals_along(&mut self, id: RecordId, home: &Home) {
        let has_some = |part: &Arc<Compartment>| part.proposals.about(id).next().is_some();
        let mut waiting = Vec::new();
        for part in self.exact.values_mut().filter(|part| has_some(part)) {
            waiting.extend(Arc::make_mut(part).proposals.leave(id));
        }
        for proposal in waiting {
            let home = home.clone().no_more_open_than(&proposal.row.home());
            at(&mut self.exact, &home).proposals.join(proposal);
        }
    }

    /// Where the present version of the record stands, by what the event says or by looking everywhere.
    fn home_of(&self, arrival: &Arrival) -> Option<Home> {
        if let Some(known) = &arrival.stood {
            return known.clone();
        }
        let stands =
            |part: &Compartment| part.newest_version(arrival.id()).is_some_and(|row| !row.has_left());
        self.exact.iter().find(|(_, part)| stands(part)).map(|(home, _)| home.clone())
    }

    /// Takes in the public form of a version, or that it has none any more.
    fn publish(&mut self, arrival: &Arrival, stood: Option<&Home>, meant: &Home) {
        let Some(public_id) = arrival.public_id else { return };
        let form = arrival.form.as_ref();
        let shown = self.public.newest_version(public_id).filter(|row| !row.has_left());
        let is_same = |row: &Row| form.is_some_and(|form| form.shows_the_same(row));
        let is_unchanged = shown.map_or(form.is_none(), |row| is_same(row));
        let previous = shown.map_or(0, |row| row.revision);
        if !is_unchanged {
            let number = self.public.revision() + 1;
            let next = match (form, shown) {
                (Some(form), _) => LogEntry::of_form(Arc::new(form.numbered(number)), previous),
                (None, Some(row)) => {
                    left(&row.numbered(number).at(arrival.entry.row.recorded_at()), previous)
                }
                (None, None) => return,
            };
            Arc::make_mut(&mut self.public).take(next);
        }
        self.publish_beside(arrival, public_id, stood, meant);
    }

    /// The same beside the compartments, in the register's numbering.
    fn publish_beside(&mut self, arrival: &Arrival, public_id: RecordId, stood: Option<&Home>, meant: &Home) {
        let shown = stood.and_then(|home| self.forms.get(home)?.newest_version(public_id)).cloned();
        let shown = shown.filter(|row| !row.has_left());
        let has_moved = stood.is_some_and(|stood| stood != meant);
        let previous = shown.as_ref().map_or(0, |row| row.revision);
        let is_gone = arrival.form.is_none() || has_moved;
        if let (Some(row), Some(stood), true) = (&shown, stood, is_gone) {
            let made_by = &arrival.entry.row;
            let row = row.numbered(made_by.revision).at(made_by.recorded_at());
            at(&mut self.forms, stood).take(left(&row, previous));
        }
        let Some(form) = &arrival.form else { return };
        if has_moved || shown.is_none_or(|row| !form.shows_the_same(&row)) {
            let next = LogEntry::of_form(Arc::clone(form), previous);
            at(&mut self.forms, meant).take(next);
        }
    }

    /// Opens what a scope sees: compartments as they are, and of the others the public forms.
    pub fn open(&self, scope: &Scope) -> View {
        if scope.is_public() {
            let part = Part { compartment: Arc::clone(&self.public), is_exact: false };
            return View::of(Arc::clone(&self.public_epoch), scope.clone(), vec![part]);
        }
        let sight = |home: &Home| scope.sight(home.level, home.owner.as_deref());
        let exact = self.exact.iter().filter(|(home, _)| sight(home) == Sight::Exact);
        let forms = self.forms.iter().filter(|(home, _)| sight(home) == Sight::PublicForm);
        let opened = exact.map(|(_, part)| (part, true)).chain(forms.map(|(_, part)| (part, false)));
        let parts = opened.map(|(part, is_exact)| Part { compartment: Arc::clone(part), is_exact });
        View::of(Arc::clone(&self.epoch), scope.clone(), parts.collect())
    }

    /// The same, with what an earlier view of the same scope has worked out; the very same where nothing that it sees
    /// has changed.
    pub fn reopen(&self, earlier: &Arc<View>) -> Arc<View> {
        let next = self.open(earlier.scope());
        if next.is_same(earlier) {
            return Arc::clone(earlier);
        }
        Arc::new(next.following(earlier))
    }

    /// What should be packed together, of some compartment: to be done aside from the writer, which then
    /// [installs](Snapshot::packed) it. Nothing is asked of how it looks from outside.
    pub fn wanted_packing(&self) -> Option<Repacking> {
        let of = |set: Set| {
            move |(home, part): (&Home, &Arc<Compartment>)| {
                part.wanted_packing().map(|packing| Repacking { set, home: Some(home.clone()), packing })
            }
        };
        let exact = self.exact.iter().find_map(of(Set::Exact));
        let forms = || self.forms.iter().find_map(of(Set::Forms));
        let public = || {
            let packing = self.public.wanted_packing()?;
            Some(Repacking { set: Set::Public, home: None, packing })
        };
        exact.or_else(forms).or_else(public)
    }

    /// The same snapshot with what was packed in its place; `None` where it no longer fits.
    pub fn packed(&self, repacking: &Repacking) -> Option<Self> {
        let mut next = self.clone();
        let part = match (repacking.set, &repacking.home) {
            (Set::Exact, Some(home)) => next.exact.get_mut(home)?,
            (Set::Forms, Some(home)) => next.forms.get_mut(home)?,
            (Set::Public, _) | (_, None) => &mut next.public,
        };
        Arc::make_mut(part).install(&repacking.packing).then_some(next)
    }

    /// The revision of the register: for the register's own use, not for answers.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When that revision was recorded; `None` for an empty register.
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }
}

/// The snapshot of a whole log, while its events come in.
pub struct Freezing(Snapshot);

impl Freezing {
    /// Before the first event; as [`Snapshot::empty`].
    pub fn begin(epoch: &str, public_epoch: &str) -> Self {
        Self(Snapshot::empty(epoch, public_epoch))
    }

    /// Takes in the next event.
    pub fn take(&mut self, arrival: Arrival) {
        self.0.take(arrival);
    }

    /// Packs all of it for reading.
    pub fn finish(mut self, revision: u64, recorded_at: Option<Timestamp>) -> Snapshot {
        (self.0.revision, self.0.recorded_at) = (revision, recorded_at);
        self.0.settle(&Snapshot::empty("", ""));
        self.0
    }
}

/// Packed rows of one compartment that are being packed together.
pub struct Repacking {
    set: Set,
    home: Option<Home>,
    packing: Packing,
}

#[derive(Clone, Copy)]
enum Set {
    Exact,
    Forms,
    Public,
}

impl Repacking {
    /// Does the work; takes about a second for a million rows.
    pub fn run(&mut self) {
        self.packing.pack();
    }
}

/// The compartment of a home, to be changed.
fn at<'c>(compartments: &'c mut Compartments, home: &Home) -> &'c mut Compartment {
    Arc::make_mut(compartments.entry(home.clone()).or_default())
}

/// What stays in a compartment of a record that stands in it no more: that it went, and nothing of where to or why.
fn left(row: &Row, previous: u64) -> LogEntry {
    LogEntry::of_form(Arc::new(row.left()), previous)
}
