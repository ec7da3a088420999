//! What an import did, record by record, for people and as JSON.

use std::path::Path;

use model::{Finding, Outcome, RecordId, Severity};
use register::Decided;
use serde::Serialize;

use crate::exit::{Exit, Stopped};

/// The report of one import. `read` is always the sum of the other four counts.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub read: u64,
    pub accepted: u64,
    pub unchanged: u64,
    pub refused: u64,
    pub not_placed: u64,
    pub dry_run: bool,
    pub files: Vec<FileReport>,
    pub records: Vec<RecordReport>,
}

/// What holds for a file as a whole.
#[derive(Debug, Serialize)]
pub struct FileReport {
    pub file: String,
    /// What was assumed in reading it, and where it is broken.
    pub findings: Vec<Finding>,
    /// Why it could not be read or stored, if so.
    pub error: Option<String>,
}

/// What became of one record.
#[derive(Debug, Serialize)]
pub struct RecordReport {
    pub file: String,
    pub number: u64,
    pub outcome: Outcome,
    pub id: Option<RecordId>,
    pub findings: Vec<Finding>,
}

impl Report {
    /// Adds one record and counts it.
    pub fn add(&mut self, decided: Decided) {
        self.read += 1;
        *match decided.outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Refused => &mut self.refused,
            Outcome::NotPlaced => &mut self.not_placed,
        } += 1;
        self.records.push(RecordReport {
            file: decided.origin.file,
            number: decided.origin.number,
            outcome: decided.outcome,
            id: decided.id,
            findings: decided.findings,
        });
    }

    /// The exit code that the records call for.
    pub fn exit(&self) -> Exit {
        let high = |findings: &[Finding]| findings.iter().any(|finding| finding.severity == Severity::High);
        let any = self.refused > 0
            || self.records.iter().any(|record| high(&record.findings))
            || self.files.iter().any(|file| high(&file.findings));
        if any { Exit::WithFindings } else { Exit::Done }
    }

    /// Writes the report as JSON.
    pub fn write(&self, path: &Path) -> Result<(), Stopped> {
        let failed = |error: &dyn std::fmt::Display| Stopped::machine(format!("{}: {error}", path.display()));
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(&error))?;
        std::fs::write(path, text).map_err(|error| failed(&error))
    }

    /// The report in words: counts, then every finding of high severity, then how often each rule was found.
    pub fn in_words(&self) -> String {
        let mut lines = vec![format!(
            "{} read = {} accepted + {} unchanged + {} refused + {} not placed{}",
            self.read,
            self.accepted,
            self.unchanged,
            self.refused,
            self.not_placed,
            if self.dry_run { " (dry run: nothing was written)" } else { "" }
        )];
        lines.extend(self.files.iter().flat_map(file_lines));
        lines.extend(self.high_lines());
        lines.extend(self.rule_lines());
        lines.join("\n")
    }

    fn high_lines(&self) -> Vec<String> {
        const SHOWN: usize = 20;
        let serious = |record: &&RecordReport| {
            record.outcome == Outcome::Refused || record.findings.iter().any(|f| f.severity == Severity::High)
        };
        let all: Vec<_> = self.records.iter().filter(serious).collect();
        let mut lines: Vec<_> = all.iter().take(SHOWN).map(|record| record_line(record)).collect();
        if all.len() > SHOWN {
            lines.push(format!("  … and {} more; --report FILE.json lists every one", all.len() - SHOWN));
        }
        lines
    }

    fn rule_lines(&self) -> Vec<String> {
        let mut counts = std::collections::BTreeMap::new();
        for finding in self.records.iter().flat_map(|record| &record.findings) {
            *counts.entry((finding.severity, finding.rule.as_str())).or_insert(0_u64) += 1;
        }
        let line = |((severity, rule), count): (&(Severity, &str), &u64)| {
            format!("  {count} × {rule} ({severity:?})")
        };
        counts.iter().rev().map(line).collect()
    }
}

fn file_lines(file: &FileReport) -> Vec<String> {
    let findings = file.findings.iter().map(|finding| format!("{}: {}", file.file, finding.message));
    let named = |error: &String| match error.starts_with(&file.file) {
        true => error.clone(),
        false => format!("{}: {error}", file.file),
    };
    findings.chain(file.error.iter().map(named)).collect()
}

fn record_line(record: &RecordReport) -> String {
    let what: Vec<_> = record.findings.iter().map(|finding| finding.message.as_str()).collect();
    format!("  {} {}: {:?}: {}", record.file, record.number, record.outcome, what.join("; "))
}
