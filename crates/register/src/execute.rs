//! Carrying out one command: what it means is worked out here, from what is known; nothing is written here.

use std::sync::Arc;

use model::{AcceptedFinding, Action, Collection, Decision, Effect, Finding, Record, RecordId, Severity};
use spatial_index::{Proposal, View as Seen};

use crate::Prepared;
use crate::command::{Command, Done, Happened, Order, Refusal};
use crate::decide::{Write, judge};
use crate::interim::proposal;
use crate::state::{Known, State, View};

/// What is known when a command is carried out.
pub struct Bench<'a> {
    pub state: &'a State,
    /// Everything as it is.
    pub view: &'a Seen,
    /// When the command will have been recorded.
    pub now: jiff::Timestamp,
}

type Worked = Result<(Done, Vec<Write>), Refusal>;

impl Bench<'_> {
    /// What a command comes to: the answer so far, and the events to write.
    pub fn work(&self, order: Order, new_id: &mut dyn FnMut() -> RecordId) -> Worked {
        if let Some(done) = self.answered(&order)? {
            return Ok((done, Vec::new()));
        }
        let needs_reason = !matches!(order.command, Command::Create(_) | Command::Approve { .. });
        if needs_reason && order.reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        match order.command {
            Command::Create(prepared) => self.create(*prepared, new_id()),
            Command::Change { next, seen, keeps_personal } => self.change(*next, seen, keeps_personal),
            Command::Verify { id, seen } => self.verify(id, seen, &order.author),
            Command::Withdraw { id, seen } => self.withdraw(id, seen),
            Command::Release { id, seen } => self.release(id, seen),
            Command::Approve { proposal } => self.approve(proposal, &order.author, &order.reason),
            Command::Reject { proposal } => self.reject(proposal),
            Command::AcceptFinding { id, rule, field } => self.accept(
                id,
                AcceptedFinding { rule, field, by: order.author, on: self.today(), reason: order.reason },
            ),
        }
    }

    fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// The answer that the same request got before.
    fn answered(&self, order: &Order) -> Result<Option<Done>, Refusal> {
        let Some(request) = &order.request else { return Ok(None) };
        let Some(answered) = self.state.answered(&order.author, &request.key) else { return Ok(None) };
        if answered.fingerprint != request.fingerprint {
            return Err(Refusal::KeyReused { key: request.key.clone() });
        }
        let events = answered.revisions.iter().filter_map(|revision| self.view.event(*revision));
        let mut done: Option<Done> = None;
        for entry in events {
            let row = &entry.row;
            let so_far = done.get_or_insert_with(|| Done::new(Happened::Changed, row.collection(), row.id));
            so_far.note(entry.action(), row.revision, entry.is_first());
            so_far.replayed = true;
        }
        Ok(done)
    }

    fn known(&self, id: RecordId) -> Result<(&Known, Record), Refusal> {
        let known =
            self.state.known(id).filter(|known| !known.row.is_withdrawn()).ok_or(Refusal::NoRecord(id))?;
        Ok((known, known.record().ok_or(Refusal::NoRecord(id))?))
    }

    fn seen(&self, id: RecordId, seen: u64) -> Result<(&Known, Record), Refusal> {
        let (known, record) = self.known(id)?;
        let current = known.row.revision;
        if current == seen { Ok((known, record)) } else { Err(Refusal::Moved { seen, current }) }
    }

    fn create(&self, prepared: Prepared, id: RecordId) -> Worked {
        let Prepared { mut record, identity, content, .. } = prepared;
        let view = View { base: self.state, pending: self.state };
        if let Some(other) = view.with_identity(&(record.collection, identity.clone())).first()
            && let model::Identity::External { id, .. } = &identity
        {
            let message = format!("{id} is the identifier of record {other} of the same organisation");
            let finding = Finding::new("record.same_id", Severity::High, message).in_field("external_id");
            return Err(Refusal::Findings(vec![finding]));
        }
        record.id = id;
        let mut done = Done::new(Happened::Created, record.collection, id);
        done.findings.clone_from(&record.findings);
        let write = Write { record, identity, content, action: Action::Version };
        Ok(with_release(done, write))
    }

    fn change(&self, next: Prepared, seen: u64, keeps_personal: bool) -> Worked {
        let Prepared { record: mut next, identity, content, .. } = next;
        let (known, current) = self.seen(next.id, seen)?;
        if current.collection != next.collection {
            return Err(Refusal::NoRecord(next.id));
        }
        next.accepted.clone_from(&current.accepted);
        if keeps_personal {
            keep_personal(&current, &mut next);
        }
        let mut done = Done::new(Happened::Changed, next.collection, next.id);
        done.revision = seen;
        done.findings.clone_from(&next.findings);
        match judge(known, &current, &next) {
            Decision::Unchanged => Ok((Done { outcome: Happened::Unchanged, ..done }, Vec::new())),
            Decision::Accepted => {
                Ok(with_release(done, Write { record: next, identity, content, action: Action::Version }))
            }
            Decision::NeedsApproval(effects) => {
                let done = Done { outcome: Happened::Proposed, ..done }.with_effects(&effects);
                Ok((done, proposal(known, &current, next, &effects, (identity, content))))
            }
        }
    }

    fn verify(&self, id: RecordId, seen: u64, verifier: &str) -> Worked {
        let (known, current) = self.seen(id, seen)?;
        let mut done = Done::new(Happened::Verified, current.collection, id);
        done.revision = seen;
        if current.review != "unverified" {
            return Ok((Done { outcome: Happened::Unchanged, ..done }, Vec::new()));
        }
        let author: &str = known.row.recorded_by();
        if is_same_person(author, verifier) {
            return Err(Refusal::AuthorIsVerifier { author: author.to_string() });
        }
        let (identity, content) = (model::Identity::Own(id), known.content);
        let record = Record { review: "verified", ..current };
        Ok((done, vec![Write { record, identity, content, action: Action::Version }]))
    }

    fn withdraw(&self, id: RecordId, seen: u64) -> Worked {
        let (known, current) = self.seen(id, seen)?;
        let next = Record { withdrawn: true, ..current };
        Ok(propose(known, next, Effect::Withdraws))
    }

    fn release(&self, id: RecordId, seen: u64) -> Worked {
        let (known, current) = self.seen(id, seen)?;
        if current.collection != Collection::LandReleases || current.review == "approved" {
            return Err(Refusal::NotToRelease(id));
        }
        Ok(propose(known, Record { review: "approved", ..current }, Effect::Releases))
    }

    fn pending(&self, number: u64) -> Result<&Proposal, Refusal> {
        let proposal = self.view.proposal(number).ok_or(Refusal::NoProposal(number))?;
        match &proposal.decision {
            Some(decision) => Err(Refusal::Decided { proposal: number, decided: decision.revision }),
            None => Ok(proposal),
        }
    }

    /// The event that repeats what was proposed.
    fn decided(&self, proposal: &Proposal, action: Action) -> Result<Write, Refusal> {
        let none = || Refusal::NoProposal(proposal.number());
        let known = self.state.proposed(proposal.row.id, proposal.number()).ok_or_else(none)?;
        let record =
            Known { row: Arc::clone(&known.row), content: known.content }.record().ok_or_else(none)?;
        Ok(Write { record, identity: known.identity.clone(), content: known.content, action })
    }

    fn approve(&self, number: u64, approver: &str, reason: &str) -> Worked {
        let proposal = self.pending(number)?;
        let (author, current): (&str, _) = (proposal.row.recorded_by(), self.state.known(proposal.row.id));
        if is_same_person(author, approver) {
            return Err(Refusal::AuthorIsApprover { author: author.to_string() });
        }
        let (based_on, current) = (proposal.based_on, current.map_or(0, |known| known.row.revision));
        if based_on != current {
            return Err(Refusal::Stale { proposal: number, based_on, current });
        }
        self.may_close(proposal, reason)?;
        let mut write = self.decided(proposal, Action::Approval { proposal: number })?;
        write.record.review = "approved";
        if write.record.collection == Collection::LandReleases {
            sign(&mut write.record, approver, self.today());
        }
        let done = Done::new(Happened::Approved, write.record.collection, write.record.id);
        let done = Done { proposal: Some(number), ..done }.with_effects(&proposal.effects);
        Ok((done, vec![write]))
    }

    /// An area closes when nothing of it remains, or by a decision with its reason (domain rule "closing").
    fn may_close(&self, proposal: &Proposal, reason: &str) -> Result<(), Refusal> {
        let is_closing = proposal.effects.contains(&Effect::Closes);
        let Some(row) = self.state.known(proposal.row.id).filter(|_| is_closing) else { return Ok(()) };
        let Some(remaining) = self.view.remaining(&row.row) else { return Ok(()) };
        let is_released = model::may_close(remaining.area_m2, remaining.remaining_m2);
        if is_released || !reason.trim().is_empty() {
            return Ok(());
        }
        Err(Refusal::RemainingArea { remaining_m2: remaining.remaining_m2 })
    }

    fn reject(&self, number: u64) -> Worked {
        let proposal = self.pending(number)?;
        let write = self.decided(proposal, Action::Rejection { proposal: number })?;
        let mut done = Done::new(Happened::Rejected, write.record.collection, write.record.id);
        done.revision = self.state.known(write.record.id).map_or(0, |known| known.row.revision);
        Ok((Done { proposal: Some(number), ..done }, vec![write]))
    }

    fn accept(&self, id: RecordId, accepted: AcceptedFinding) -> Worked {
        let (known, mut record) = self.known(id)?;
        let is_it = |finding: &Finding| finding.rule == accepted.rule && finding.field == accepted.field;
        if !self.view.open_findings(&known.row).iter().any(is_it) {
            return Err(Refusal::NoFinding { rule: accepted.rule });
        }
        record.accepted.push(accepted);
        let done = Done::new(Happened::FindingAccepted, record.collection, id);
        let (identity, content) = (model::Identity::Own(id), known.content);
        Ok((done, vec![Write { record, identity, content, action: Action::Acceptance }]))
    }
}

/// Whoever does not see personal data can neither change nor remove it.
fn keep_personal(current: &Record, next: &mut Record) {
    for field in current.collection.fields().filter(|field| field.is_personal) {
        match current.fields.get(field.name) {
            Some(value) => drop(next.fields.insert(field.name.to_owned(), value.clone())),
            None => drop(next.fields.shift_remove(field.name)),
        }
    }
}

/// Capitals and blanks make nobody another person.
fn is_same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

impl Done {
    /// Notes an event that the command made.
    pub(crate) fn note(&mut self, action: &Action, revision: u64, is_first: bool) {
        if action.takes_effect() {
            self.revision = revision;
        }
        match action {
            Action::Version if is_first => self.outcome = Happened::Created,
            Action::Version => {}
            Action::Proposal { effects, .. } => {
                (self.proposal, self.effects) = (Some(revision), effects.clone());
                if self.outcome != Happened::Created {
                    self.outcome = Happened::Proposed;
                }
            }
            Action::Approval { proposal } => {
                (self.outcome, self.proposal) = (Happened::Approved, Some(*proposal))
            }
            Action::Rejection { proposal } => {
                (self.outcome, self.proposal) = (Happened::Rejected, Some(*proposal))
            }
            Action::Acceptance => self.outcome = Happened::FindingAccepted,
        }
    }
}

fn propose(known: &Known, next: Record, effect: Effect) -> (Done, Vec<Write>) {
    let mut done = Done::new(Happened::Proposed, next.collection, next.id).with_effects(&[effect]);
    done.revision = known.row.revision;
    let (identity, content) = (model::Identity::Own(next.id), known.content);
    let action = Action::Proposal { based_on: known.row.revision, effects: vec![effect.code().to_owned()] };
    (done, vec![Write { record: next, identity, content, action }])
}

/// A recorded land release is there at once and counts for nothing; that it counts is proposed beside it.
fn with_release(done: Done, version: Write) -> (Done, Vec<Write>) {
    if version.record.collection != Collection::LandReleases {
        return (done, vec![version]);
    }
    let effects = vec![Effect::Releases.code().to_owned()];
    let record = Record { review: "approved", ..version.record.clone() };
    let (identity, content) = (version.identity.clone(), version.content);
    let release = Write { record, identity, content, action: Action::Proposal { based_on: 0, effects } };
    (done.with_effects(&[Effect::Releases]), vec![version, release])
}

/// Who approved a release, and when, in the record's own fields.
fn sign(record: &mut Record, approver: &str, on: jiff::civil::Date) {
    let mut signed = record.fields.clone();
    signed.insert("approved_by".to_owned(), approver.into());
    signed.insert("approved_on".to_owned(), on.to_string().into());
    let names = record.collection.fields().map(|field| field.name);
    record.fields = names.filter_map(|name| Some((name.to_owned(), signed.get(name)?.clone()))).collect();
}
