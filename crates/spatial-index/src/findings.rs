//! Every finding of the register: of records by themselves, and of what they share with their neighbours.
//!
//! What neighbours share is worked out for the whole register when somebody first asks, on all cores, and kept up to
//! date from then on: a change costs what its neighbours cost.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, LazyLock, RwLock};

use model::{AcceptedFinding, Collection, Finding, RecordId, Severity};
use serde::Deserialize;

use crate::{Brief, Row, View};

/// One text for each rule, however many records break it.
pub(crate) fn interned(rule: &str) -> &'static str {
    static RULES: LazyLock<RwLock<HashSet<&'static str>>> = LazyLock::new(RwLock::default);
    let known = |rules: &HashSet<&'static str>| rules.get(rule).copied();
    if let Some(found) = RULES.read().ok().and_then(|rules| known(&rules)) {
        return found;
    }
    let Ok(mut rules) = RULES.write() else { return "unknown" };
    if let Some(found) = known(&rules) {
        return found;
    }
    // Rules are few and named in the program: what is leaked is bounded.
    let kept: &'static str = Box::leak(rule.to_owned().into_boxed_str());
    rules.insert(kept);
    kept
}

/// Findings that records share with their neighbours. Copies share all but the last changes.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    all: Arc<HashMap<RecordId, Arc<[Finding]>>>,
    changed: HashMap<RecordId, Arc<[Finding]>>,
}

/// Changes are merged when there are more than this.
const CHANGED_MAX: usize = 2_000;

impl Shared {
    fn get(&self, id: RecordId) -> &[Finding] {
        self.changed.get(&id).or_else(|| self.all.get(&id)).map_or(&[], |findings| findings)
    }

    fn of(view: &View) -> Self {
        use rayon::prelude::*;
        let rows: Vec<_> = view.exact_rows().collect();
        let found = rows.into_par_iter().filter_map(|row| {
            let findings = view.shared_findings(row);
            (!findings.is_empty()).then(|| (row.id, findings.into()))
        });
        Self { all: Arc::new(found.collect()), changed: HashMap::new() }
    }

    /// The same after a change of these records.
    pub fn after(&self, view: &View, changed: &HashSet<RecordId>) -> Self {
        let mut next = self.clone();
        for id in changed {
            let row = view.by_id(*id);
            let findings = row.map(|row| view.shared_findings(row)).unwrap_or_default();
            next.changed.insert(*id, findings.into());
        }
        if next.changed.len() > CHANGED_MAX {
            Arc::make_mut(&mut next.all).extend(next.changed.drain());
        }
        next
    }
}

/// Which findings are asked for; `None` is all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this collection.
    pub collection: Option<Collection>,
    /// Of this rule.
    pub rule: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Accepted ones, or ones that are not.
    pub accepted: Option<bool>,
}

/// One finding of one record.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub row: Arc<Row>,
    /// The finding.
    pub finding: Finding,
    /// How it was accepted, if it was.
    pub accepted: Option<AcceptedFinding>,
}

/// A page of findings, and how many there are of each kind.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Findings by severity (highest first) and rule.
    pub counts: Vec<(Brief, u64)>,
    /// How many match.
    pub matched: u64,
    /// The page: by collection, then by record.
    pub page: Vec<Found>,
    /// What the next page begins after: so many findings.
    pub next: Option<usize>,
}

impl View {
    /// Everything found about a record that nobody has accepted.
    pub fn open_findings(&self, row: &Arc<Row>) -> Vec<Finding> {
        let all = self.findings(row).into_iter();
        all.filter(|found| found.accepted.is_none()).map(|found| found.finding).collect()
    }

    /// Everything found about a record, accepted or not.
    pub fn findings(&self, row: &Arc<Row>) -> Vec<Found> {
        let Stored { mut findings, accepted_findings } =
            serde_json::from_str(&row.properties()).unwrap_or_default();
        match self.shared.get() {
            Some(shared) => findings.extend(shared.get(row.id).iter().cloned()),
            None => findings.extend(self.shared_findings(row)),
        }
        let accepted = |finding: &Finding| {
            accepted_findings.iter().find(|a| a.rule == finding.rule && a.field == finding.field).cloned()
        };
        let found = |finding| Found { row: Arc::clone(row), accepted: accepted(&finding), finding };
        findings.into_iter().map(found).collect()
    }

    /// Works out what neighbours share, so that nobody has to wait for it later.
    pub fn prepare_findings(&self) {
        self.shared.get_or_init(|| Shared::of(self));
    }

    /// Findings that are wanted: how many of each kind, and `limit` of them after the first `skip`.
    pub fn list_findings(&self, wanted: &Wanted, skip: usize, limit: usize) -> Listed {
        let shared = self.shared.get_or_init(|| Shared::of(self));
        let (mut counts, mut listed) = (BTreeMap::new(), Listed::default());
        let collections = Collection::ALL.into_iter().filter(|c| wanted.collection.is_none_or(|w| w == *c));
        for row in collections.flat_map(|collection| self.items(collection)) {
            if row.findings().is_empty() && shared.get(row.id).is_empty() {
                continue;
            }
            let briefs = self.briefs(row, shared, wanted);
            for (number, brief) in &briefs {
                *counts.entry((std::cmp::Reverse(brief.severity), brief.rule)).or_insert(0) += 1;
                let place = listed.matched as usize;
                listed.matched += 1;
                if place >= skip && listed.page.len() < limit {
                    listed.page.extend(self.findings(row).into_iter().nth(*number));
                }
            }
        }
        let brief = |((severity, rule), count): ((std::cmp::Reverse<Severity>, _), _)| {
            (Brief { rule, severity: severity.0 }, count)
        };
        listed.counts = counts.into_iter().map(brief).collect();
        let shown = skip + listed.page.len();
        listed.next = ((shown as u64) < listed.matched).then_some(shown);
        listed
    }

    /// The wanted findings of a record in short, each with its place among all of the record's.
    fn briefs(&self, row: &Arc<Row>, shared: &Shared, wanted: &Wanted) -> Vec<(usize, Brief)> {
        let in_short = |f: &Finding| Brief { rule: interned(&f.rule), severity: f.severity };
        let own = row.findings().iter().copied().map(|brief| (brief, false));
        let all: Vec<(Brief, bool)> = if row.has_accepted() {
            let found = self.findings(row);
            found.iter().map(|found| (in_short(&found.finding), found.accepted.is_some())).collect()
        } else {
            own.chain(shared.get(row.id).iter().map(|finding| (in_short(finding), false))).collect()
        };
        let is_wanted = |(brief, accepted): &(Brief, bool)| {
            wanted.rule.as_deref().is_none_or(|rule| rule == brief.rule)
                && wanted.severity.is_none_or(|severity| severity == brief.severity)
                && wanted.accepted.is_none_or(|w| w == *accepted)
        };
        all.into_iter()
            .enumerate()
            .filter(|(_, one)| is_wanted(one))
            .map(|(n, (brief, _))| (n, brief))
            .collect()
    }
}

#[derive(Deserialize, Default)]
struct Stored {
    #[serde(default)]
    findings: Vec<Finding>,
    #[serde(default)]
    accepted_findings: Vec<AcceptedFinding>,
}
