//! What becomes of each record of a submission, held against what is known. What would take hazard off the map
//! becomes a proposal.

use std::collections::{HashMap, HashSet};

use model::{
    Action, Collection, Decision, Effect, Finding, Geometry, Identity, Origin, Outcome, Record, RecordId,
    Severity,
};
use serde::Deserialize;

use crate::candidates::{Candidates, Left};
use crate::covers::{covers, drawn};
use crate::identity::Key;
use crate::interim::{adds, proposal};
use crate::state::{Known, View};
use crate::{Decided, Prepared};

/// An event to be written.
pub struct Write {
    pub record: Record,
    pub identity: Identity,
    pub content: [u8; 32],
    /// A proposal based on revision 0 is based on the event written just before it.
    pub action: Action,
}

/// What becomes of a submission: an answer for each record, in its order, and what is to be written.
pub struct Verdict {
    pub decided: Vec<Decided>,
    pub writes: Vec<Write>,
    /// Identifiers that did not exist before.
    pub new_ids: Vec<RecordId>,
}

/// Decides a whole submission. New identifiers come from `new_id`.
///
/// Records that are known just so are matched first; what is left is held against what is left. So of several
/// records with one identifier each finds its own.
pub fn decide(view: &View<'_>, batch: Vec<Prepared>, new_id: &mut dyn FnMut() -> RecordId) -> Verdict {
    let (candidates, written, seen) = (Candidates::new(view), HashSet::new(), HashMap::new());
    let mut course = Course { view, candidates, written, seen };
    let same: Vec<_> = batch.iter().map(|prepared| course.take_same(prepared)).collect();
    let mut verdict =
        Verdict { decided: Vec::with_capacity(batch.len()), writes: Vec::new(), new_ids: Vec::new() };
    for (prepared, same) in batch.into_iter().zip(same) {
        let occurrence = course.count(&prepared);
        match same {
            Some(id) => verdict.decided.push(course.unchanged(prepared, id)),
            None => course.write(prepared, occurrence, new_id, &mut verdict),
        }
    }
    verdict
}

/// One submission on its way through.
struct Course<'a> {
    view: &'a View<'a>,
    candidates: Candidates<'a>,
    /// Identities under which this submission wrote something.
    written: HashSet<Key>,
    /// How often each content has come up.
    seen: HashMap<(Collection, [u8; 32]), u32>,
}

impl Course<'_> {
    /// The known record that holds just this already. The n-th equal record of a file is the n-th equal known one.
    fn take_same(&mut self, prepared: &Prepared) -> Option<RecordId> {
        let key = (prepared.record.collection, prepared.identity.clone());
        let same = self
            .candidates
            .with_content(&key, &prepared.content)
            .or_else(|| self.came_back(prepared, &key))?;
        self.candidates.take(&key, same);
        Some(same)
    }

    /// What we exported comes back as another draft, but as the same record.
    fn came_back(&mut self, prepared: &Prepared, key: &Key) -> Option<RecordId> {
        let Identity::Own(_) = prepared.identity else { return None };
        let is_same = |id: &RecordId| {
            let Some(known) = self.view.get(*id) else { return false };
            let Some(current) = known.record() else { return false };
            judge(known, &current, &prepared.record) == Decision::Unchanged
        };
        self.candidates.free(key).into_iter().find(is_same)
    }

    /// Counts this content; the first answers 1.
    fn count(&mut self, prepared: &Prepared) -> u32 {
        let count = self.seen.entry((prepared.record.collection, prepared.content)).or_default();
        *count += 1;
        *count
    }

    fn unchanged(&self, prepared: Prepared, id: RecordId) -> Decided {
        let stored = self.view.get(id).and_then(|known| stored_findings(&known.row.properties()));
        let mut findings = stored.unwrap_or(prepared.record.findings);
        findings.extend(self.view.get(id).filter(|known| known.row.is_withdrawn()).map(|_| withdrawn(id)));
        Decided { origin: prepared.origin, outcome: Outcome::Unchanged, id: Some(id), findings }
    }

    fn write(
        &mut self,
        prepared: Prepared,
        occurrence: u32,
        new_id: &mut dyn FnMut() -> RecordId,
        verdict: &mut Verdict,
    ) {
        let Prepared { mut record, identity, content, origin } = prepared;
        let key = (record.collection, identity.clone());
        match self.place(&record, &key, &content, occurrence) {
            Place::Same(id) => {
                self.candidates.take(&key, id);
                let unchanged = Prepared { record, identity, content, origin };
                return verdict.decided.push(self.unchanged(unchanged, id));
            }
            Place::Version(id) => {
                self.candidates.take(&key, id);
                record.id = id;
            }
            Place::Own(id) => {
                record.id = id;
                verdict.new_ids.push(id);
            }
            Place::Waits(id) => {
                self.candidates.take(&key, id);
                record.findings.push(waits(id));
                let decided =
                    Decided { origin, outcome: Outcome::Unchanged, id: Some(id), findings: record.findings };
                return verdict.decided.push(decided);
            }
            Place::Proposal(held, effects) => {
                self.candidates.take(&key, held.current.id);
                record.id = held.current.id;
                return self.propose(
                    &held,
                    Prepared { record, identity, content, origin },
                    &effects,
                    verdict,
                );
            }
            Place::New(finding) => {
                record.id = new_id();
                verdict.new_ids.push(record.id);
                record.findings.extend(finding);
            }
        }
        record.accepted =
            self.view.get(record.id).and_then(Known::record).map(|r| r.accepted).unwrap_or_default();
        self.written.insert(key);
        verdict.decided.push(written(origin, &record));
        verdict.writes.push(Write { record, identity, content, action: Action::Version });
    }

    /// What adds hazard takes effect at once, the rest of the change waits for a second person.
    fn propose(&mut self, held: &Held, prepared: Prepared, effects: &[Effect], verdict: &mut Verdict) {
        let Prepared { mut record, identity, content, origin } = prepared;
        self.written.insert((record.collection, identity.clone()));
        let Held { known, current } = held;
        record.accepted.clone_from(&current.accepted);
        let mut decided = written(origin, &record);
        decided.findings.push(needs_approval(record.id, &in_words(effects)));
        verdict.decided.push(decided);
        verdict.writes.extend(proposal(known, current, record, effects, (identity, content)));
    }

    /// Where a record goes that is not known just so.
    fn place(&mut self, record: &Record, key: &Key, content: &[u8; 32], occurrence: u32) -> Place {
        if occurrence > 1 {
            return Place::New(Some(duplicate(record, occurrence)));
        }
        match (self.candidates.left(key), &key.1) {
            (Left::One(id), _) => self.hold_against(id, record, content),
            (Left::Several(number, first), _) => {
                let reason = format!("{number} records have this identifier");
                Place::New(Some(needs_approval(first, &reason)))
            }
            (Left::AllTaken, identity) => Place::New(Some(same_id(identity))),
            (Left::Unknown, identity) if self.written.contains(key) => Place::New(Some(same_id(identity))),
            (Left::Unknown, Identity::Own(id)) if self.is_free(*id) => Place::Own(*id),
            (Left::Unknown, identity @ Identity::Own(_)) => Place::New(Some(same_id(identity))),
            (Left::Unknown, Identity::External { .. } | Identity::Content(_)) => Place::New(None),
        }
    }

    /// Whether no record, of whatever collection, has the identifier.
    fn is_free(&self, id: RecordId) -> bool {
        let written = |collection| self.written.contains(&(collection, Identity::Own(id)));
        self.view.get(id).is_none() && !Collection::ALL.into_iter().any(written)
    }

    fn hold_against(&self, id: RecordId, next: &Record, content: &[u8; 32]) -> Place {
        let unreadable = || Place::New(Some(needs_approval(id, "the present version cannot be read")));
        let Some(known) = self.view.get(id) else { return unreadable() };
        let Some(current) = known.record() else { return unreadable() };
        match judge(known, &current, next) {
            Decision::Unchanged => Place::Same(id),
            Decision::Accepted => Place::Version(id),
            // What was proposed before may still add ground by now: then it is drawn, and proposed anew.
            Decision::NeedsApproval(_) if self.view.was_proposed(id, content) && !adds(&current, next) => {
                Place::Waits(id)
            }
            Decision::NeedsApproval(effects) => {
                let known = known.clone();
                Place::Proposal(Box::new(Held { known, current }), effects)
            }
        }
    }
}

/// The present version that a record was held against.
struct Held {
    known: Known,
    current: Record,
}

enum Place {
    /// The known record holds it already.
    Same(RecordId),
    /// The next version of a known record.
    Version(RecordId),
    /// A version that takes hazard off the map.
    Proposal(Box<Held>, Vec<Effect>),
    /// The same has been proposed before.
    Waits(RecordId),
    /// A new record that keeps the identifier it came with.
    Own(RecordId),
    /// A new record, with what is to be said about it.
    New(Option<Finding>),
}

/// Holds a record against the known one. What readers of files never set counts as it is.
pub fn judge(known: &Known, current: &Record, next: &Record) -> Decision {
    let next = Record { review: current.review, accepted: current.accepted.clone(), ..next.clone() };
    model::decide(current, &next, || match (known.row.drawn(), drawn(&next)) {
        (Some(current), Some(next)) => covers(&next, &current),
        (Some(_), None) => false,
        (None, _) => true,
    })
}

fn written(origin: Origin, record: &Record) -> Decided {
    let outcome = if record.geometry.is_some() || !record.collection.needs_place() {
        Outcome::Accepted
    } else {
        Outcome::NotPlaced
    };
    Decided { origin, outcome, id: Some(record.id), findings: record.findings.clone() }
}

/// The findings of a record in its stored form.
fn stored_findings(properties: &str) -> Option<Vec<Finding>> {
    #[derive(Deserialize)]
    struct Stored {
        #[serde(default)]
        findings: Vec<Finding>,
    }
    serde_json::from_str::<Stored>(properties).ok().map(|stored| stored.findings)
}

/// GICHD Minimum Data Requirements, quality checks: a duplicate polygon weighs more than a duplicate point.
fn duplicate(record: &Record, occurrence: u32) -> Finding {
    let severity = match record.geometry {
        None | Some(Geometry::Point(_) | Geometry::MultiPoint(_)) => Severity::Medium,
        Some(_) => Severity::High,
    };
    let message = format!("the same record stands {occurrence} times in the file; each is kept");
    Finding::new("record.duplicate", severity, message)
}

fn same_id(identity: &Identity) -> Finding {
    let (field, id) = match identity {
        Identity::External { id, .. } => ("external_id", id.clone()),
        Identity::Own(id) => ("id", id.to_string()),
        Identity::Content(hash) => ("id", hash.clone()),
    };
    let message = format!("another record has the identifier {id}; both are kept");
    Finding::new("record.same_id", Severity::Medium, message).in_field(field)
}

fn needs_approval(present: RecordId, reason: &str) -> Finding {
    let message =
        format!("a change of {present} waits for a second person: {reason}; nothing is taken off the map");
    Finding::new("record.change_needs_approval", Severity::High, message)
}

fn in_words(effects: &[Effect]) -> String {
    effects.iter().map(|effect| effect.code()).collect::<Vec<_>>().join(", ")
}

fn waits(id: RecordId) -> Finding {
    let message = format!("just this change of {id} was proposed before; see its proposals");
    Finding::new("record.proposed_before", Severity::Medium, message)
}

fn withdrawn(id: RecordId) -> Finding {
    let message = format!("record {id} was withdrawn as wrong and stays withdrawn; see its history");
    Finding::new("record.withdrawn", Severity::Medium, message)
}
