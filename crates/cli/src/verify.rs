//! `minemap verify`: is the log whole, and do the tables say what it says?

use clap::Args;

use crate::StoreArgument;
use crate::exit::{Exit, Stopped};
use crate::progress::Progress;
use crate::user;

/// Walks the hash chain, rebuilds the tables from the log and compares; walks the audit trail. Exit code 0 only if all agree.
#[derive(Args)]
#[command(after_help = "Example:\n  minemap verify --store var/minemap.gpkg")]
pub struct Verify {
    #[command(flatten)]
    store: StoreArgument,
}

impl Verify {
    /// Verifies; every problem found is printed.
    pub fn run(self) -> Result<Exit, Stopped> {
        let store = self.store.open_read_only()?;
        let mut bar: Option<Progress> = None;
        let verified = store.verify(&mut |done, total| {
            bar.get_or_insert_with(|| Progress::begin("Verifying", total)).at(done);
        });
        if let Some(bar) = bar {
            bar.finish();
        }
        let verification = verified.map_err(Stopped::machine)?;
        for problem in &verification.problems {
            match problem.revision {
                Some(revision) => eprintln!("event {revision}: {}", problem.what),
                None => eprintln!("{}", problem.what),
            }
        }
        if !verification.is_sound() {
            return Err(Stopped::machine(format!("{} problems found", verification.problems.len())));
        }
        let (events, features) = (verification.events, verification.features);
        eprintln!(
            "{events} events and {features} rows of feature tables: the hash chain and every table agree"
        );
        self.verify_audit()
    }

    /// The same for the audit trail beside the store, where there is one.
    fn verify_audit(&self) -> Result<Exit, Stopped> {
        let Some(accounts) = user::open_if_there(&self.store)? else { return Ok(Exit::Done) };
        let checked = accounts.verify_audit().map_err(user::stopped)?;
        if let Some(number) = checked.broken_at {
            return Err(Stopped::machine(format!(
                "audit entry {number} does not follow from the one before it"
            )));
        }
        eprintln!("{} entries of the audit trail follow from each other", checked.entries);
        Ok(Exit::Done)
    }
}
