//! Changes that would take hazard off the map, and what became of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use model::{Action, Effect, RecordId};

use crate::{LogEntry, Row};

/// A proposed version of a record. Its number is the revision that proposed it.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The version as proposed; its revision, author, time and reason are the proposal's.
    pub row: Arc<Row>,
    /// Revision of the version it would replace.
    pub based_on: u64,
    /// How it takes hazard off the map.
    pub effects: Vec<Effect>,
    /// What became of it; nothing while it waits.
    pub decision: Option<Decision>,
}

/// How a proposal ended.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whether it took effect.
    pub approved: bool,
    /// Revision of the decision.
    pub revision: u64,
    /// Who decided.
    pub by: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Arc<str>,
}

impl Proposal {
    /// Its number.
    pub fn number(&self) -> u64 {
        self.row.revision
    }

    /// The decision, where it had been taken at a revision.
    pub fn decision_at(&self, revision: u64) -> Option<&Decision> {
        self.decision.as_ref().filter(|decision| decision.revision <= revision)
    }
}

/// Every proposal, by number. Copies share all but what changed.
#[derive(Clone, Default)]
pub(crate) struct Proposals(Arc<BTreeMap<u64, Arc<Proposal>>>);

impl Proposals {
    /// Takes in an event: only proposals and decisions matter.
    pub fn take(&mut self, entry: &LogEntry) {
        match entry.action() {
            Action::Proposal { based_on, effects } => {
                let named = |code: &String| Effect::ALL.into_iter().find(|effect| effect.code() == code);
                let effects = effects.iter().filter_map(named).collect();
                let (row, based_on) = (Arc::clone(&entry.row), *based_on);
                let proposal = Arc::new(Proposal { row, based_on, effects, decision: None });
                Arc::make_mut(&mut self.0).insert(entry.row.revision, proposal);
            }
            Action::Approval { proposal } => self.decide(*proposal, true, &entry.row),
            Action::Rejection { proposal } => self.decide(*proposal, false, &entry.row),
            Action::Version | Action::Acceptance => {}
        }
    }

    fn decide(&mut self, number: u64, approved: bool, row: &Row) {
        let Some(proposal) = Arc::make_mut(&mut self.0).get_mut(&number) else { return };
        if proposal.decision.is_some() {
            return; // the first decision is the one that counted
        }
        let decision = Decision {
            approved,
            revision: row.revision,
            by: Arc::clone(row.recorded_by()),
            at: row.recorded_at(),
            reason: Arc::clone(row.reason()),
        };
        *proposal = Arc::new(Proposal { decision: Some(decision), ..Proposal::clone(proposal) });
    }

    /// Takes out what was proposed about a record: it stands elsewhere now.
    pub fn leave(&mut self, id: RecordId) -> Vec<Arc<Proposal>> {
        let of: Vec<_> = self.about(id).cloned().collect();
        if !of.is_empty() {
            Arc::make_mut(&mut self.0).retain(|_, proposal| proposal.row.id != id);
        }
        of
    }

    /// Takes in what was proposed about a record that stood elsewhere.
    pub fn join(&mut self, proposal: Arc<Proposal>) {
        Arc::make_mut(&mut self.0).insert(proposal.number(), proposal);
    }

    /// Those proposed at or before a revision, newest first.
    pub fn until(&self, revision: u64) -> impl Iterator<Item = &Arc<Proposal>> {
        self.0.range(..=revision).rev().map(|(_, proposal)| proposal)
    }

    /// The proposal of that number.
    pub fn get(&self, number: u64) -> Option<&Arc<Proposal>> {
        self.0.get(&number)
    }

    /// Those about a record, newest first.
    pub fn about(&self, id: RecordId) -> impl Iterator<Item = &Arc<Proposal>> {
        self.0.values().rev().filter(move |proposal| proposal.row.id == id)
    }
}

impl crate::View {
    /// Every proposal made up to this revision, newest first.
    pub fn proposals(&self) -> Vec<&Arc<Proposal>> {
        let mut all: Vec<_> = self.exact().flat_map(|part| part.proposals.until(self.revision())).collect();
        all.sort_unstable_by_key(|proposal| std::cmp::Reverse(proposal.number()));
        all
    }

    /// The proposal of that number, where it had been made at this revision.
    pub fn proposal(&self, number: u64) -> Option<&Arc<Proposal>> {
        self.exact().find_map(|part| part.proposals.get(number)).filter(|_| number <= self.revision())
    }

    /// Those about a record, newest first.
    pub(crate) fn proposals_about(&self, id: RecordId) -> impl Iterator<Item = &Arc<Proposal>> {
        self.exact().flat_map(move |part| part.proposals.about(id))
    }

    /// Whether a proposal waits at this revision.
    pub fn is_pending(&self, proposal: &Proposal) -> bool {
        proposal.decision_at(self.revision()).is_none()
    }

    /// Whether the record has changed since it was proposed, so that it can no longer be approved.
    pub fn is_stale(&self, proposal: &Proposal) -> bool {
        self.version(proposal.row.id).is_none_or(|row| row.revision != proposal.based_on)
    }
}
