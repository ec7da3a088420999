//! What becomes of each record of a submission, held against what is known. Nothing here takes a hazard away.

use std::collections::{HashMap, HashSet};

use model::{Collection, Decision, Finding, Geometry, Identity, Origin, Outcome, Record, RecordId, Severity};
use serde::Deserialize;
use spatial_index::{Drawn, Row};

use crate::candidates::{Candidates, Left};
use crate::covers::covers;
use crate::identity::Key;
use crate::state::{Known, View};
use crate::{Decided, Prepared};

/// A version to be written.
pub struct Write {
    pub record: Record,
    pub identity: Identity,
    pub content: [u8; 32],
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
            self.view.get(*id).is_some_and(|known| judge(known, &prepared.record) == Decision::Unchanged)
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
        let stored = self.view.get(id).and_then(|known| stored_findings(&known.row.properties));
        let findings = stored.unwrap_or(prepared.record.findings);
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
        match self.place(&record, &key, occurrence) {
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
            Place::New(finding) => {
                record.id = new_id();
                verdict.new_ids.push(record.id);
                record.findings.extend(finding);
            }
        }
        self.written.insert(key);
        verdict.decided.push(written(origin, &record));
        verdict.writes.push(Write { record, identity, content });
    }

    /// Where a record goes that is not known just so.
    fn place(&mut self, record: &Record, key: &Key, occurrence: u32) -> Place {
        if occurrence > 1 {
            return Place::New(Some(duplicate(record, occurrence)));
        }
        match (self.candidates.left(key), &key.1) {
            (Left::One(id), _) => self.hold_against(id, record),
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

    fn hold_against(&self, id: RecordId, next: &Record) -> Place {
        let decision = self.view.get(id).map(|known| judge(known, next));
        match decision.unwrap_or(Decision::NeedsApproval("the present version cannot be read")) {
            Decision::Unchanged => Place::Same(id),
            Decision::Accepted => Place::Version(id),
            Decision::NeedsApproval(reason) => Place::New(Some(needs_approval(id, reason))),
        }
    }
}

enum Place {
    /// The known record holds it already.
    Same(RecordId),
    /// The next version of a known record.
    Version(RecordId),
    /// A new record that keeps the identifier it came with.
    Own(RecordId),
    /// A new record, with what is to be said about it.
    New(Option<Finding>),
}

fn judge(known: &Known, next: &Record) -> Decision {
    let Some(current) = known.record() else {
        return Decision::NeedsApproval("the present version cannot be read");
    };
    model::decide(&current, next, || match (&known.row.drawn, drawn(next)) {
        (Some(current), Some(next)) => covers(&next, current),
        (Some(_), None) => false,
        (None, _) => true,
    })
}

/// The very shape that a record will be drawn by.
fn drawn(record: &Record) -> Option<Drawn> {
    let properties = serde_json::to_string(&record.properties()).ok()?;
    let (id, collection, geometry) = (record.id, record.collection, record.geometry.clone());
    Row::new(id, collection, geometry, properties.into(), 0, Default::default(), "".into()).ok()?.drawn
}

fn written(origin: Origin, record: &Record) -> Decided {
    let outcome = if record.geometry.is_some() { Outcome::Accepted } else { Outcome::NotPlaced };
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
        format!("not taken as a change of {present}: {reason}; both are drawn until a second person decides");
    Finding::new("record.change_needs_approval", Severity::High, message)
}
