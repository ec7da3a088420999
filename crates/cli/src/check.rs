//! `minemap check`: every open finding, how many of each kind, where, and what to do.

use std::path::PathBuf;

use access::Scope;
use clap::Args;
use model::{Collection, Severity};
use serde_json::{Value, json};
use spatial_index::{Found, Listed, Wanted};

use crate::StoreArgument;
use crate::exit::{Exit, Stopped};

/// Lists every open finding, with counts per rule and severity. Also while a server runs on the store.
#[derive(Args)]
#[command(
    after_help = "Example:\n  minemap check --store minemap.gpkg --report findings.json\n\nExit codes: 0 no \
    finding of high severity; 1 some; 2 wrong usage; 3 the machine failed."
)]
pub struct Check {
    #[command(flatten)]
    store: StoreArgument,
    /// Of this collection only.
    #[arg(long, value_name = "ID", value_parser = crate::import::collection)]
    collection: Option<Collection>,
    /// Of this rule only, such as geometry.overlap.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Show at most so many; the counts are of all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Write every finding to a file.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

impl Check {
    /// Lists them.
    pub fn run(self) -> Result<Exit, Stopped> {
        let snapshot = self.store.snapshot()?.open(&Scope::whole());
        let wanted =
            Wanted { collection: self.collection, rule: self.rule, severity: None, accepted: Some(false) };
        let most = if self.report.is_some() { usize::MAX } else { self.limit };
        let listed = snapshot.list_findings(&wanted, 0, most);
        if let Some(path) = &self.report {
            let text = serde_json::to_string_pretty(&report(&listed)).map_err(Stopped::machine)?;
            std::fs::write(path, text).map_err(|e| Stopped::machine(format!("{}: {e}", path.display())))?;
        }
        print(&listed, self.limit);
        let has_high = listed.counts.iter().any(|(brief, _)| brief.severity == Severity::High);
        Ok(if has_high { Exit::WithFindings } else { Exit::Done })
    }
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
fn print(listed: &Listed, limit: usize) {
    for Found { row, finding, .. } in listed.page.iter().take(limit) {
        let place = finding.position.map(|[lon, lat]| format!(" at {lat:.5}, {lon:.5}")).unwrap_or_default();
        let name = row.name().unwrap_or("");
        println!(
            "{:?} {} — {} {} {name}{place}: {}",
            finding.severity,
            finding.rule,
            row.collection(),
            row.id,
            finding.message
        );
        if let Some(remedy) = model::remedy(&finding.rule) {
            println!("    {}", remedy.en);
        }
    }
    for (brief, count) in &listed.counts {
        println!("{count:>8}  {:?}  {}", brief.severity, brief.rule);
    }
    println!("{:>8}  findings in all", listed.matched);
}

fn report(listed: &Listed) -> Value {
    let counts: Vec<_> = listed
        .counts
        .iter()
        .map(|(brief, count)| json!({"rule": brief.rule, "severity": brief.severity, "findings": count}))
        .collect();
    let findings: Vec<_> = listed
        .page
        .iter()
        .map(|Found { row, finding, .. }| {
            let mut one = json!(finding);
            one["collection"] = json!(row.collection().id());
            one["id"] = json!(row.id);
            one["name"] = json!(row.name());
            one["remedy"] = json!(model::remedy(&finding.rule));
            one
        })
        .collect();
    json!({"counts": counts, "findings": findings})
}
