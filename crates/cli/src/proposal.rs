//! `minemap proposal`: what waits for a second person.

use access::Scope;
use clap::{Args, Subcommand};
use register::Command;

use crate::StoreArgument;
use crate::exit::{Exit, Stopped};
use crate::record::OrderArguments;

/// Lists what waits for a second person, approves it, rejects it. Also while a server runs on the store.
#[derive(Args)]
#[command(after_help = "Example:\n  minemap proposal list\n  minemap proposal approve 17 --author taras")]
pub struct Proposal {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every proposal that waits, newest first.
    List {
        #[command(flatten)]
        store: StoreArgument,
    },
    /// A proposal takes effect. Its author may not approve it.
    Approve {
        /// Number of the proposal.
        number: u64,
        #[command(flatten)]
        order: OrderArguments,
    },
    /// A proposal ends; needs --reason.
    Reject {
        /// Number of the proposal.
        number: u64,
        #[command(flatten)]
        order: OrderArguments,
    },
}

impl Proposal {
    /// Carries it out.
    pub fn run(self) -> Result<Exit, Stopped> {
        match self.what {
            What::List { store } => list(&store),
            What::Approve { number, order } => order.carry_out(Command::Approve { proposal: number }),
            What::Reject { number, order } => order.carry_out(Command::Reject { proposal: number }),
        }
    }
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
fn list(store: &StoreArgument) -> Result<Exit, Stopped> {
    let snapshot = store.snapshot()?.open(&Scope::whole());
    let mut waiting = 0;
    for proposal in snapshot.proposals().into_iter().filter(|proposal| snapshot.is_pending(proposal)) {
        waiting += 1;
        let row = &proposal.row;
        let effects: Vec<_> = proposal.effects.iter().map(|effect| effect.code()).collect();
        let stale = if snapshot.is_stale(proposal) { " (the record was changed since)" } else { "" };
        println!(
            "{}: {} {} {} — {}, by {} on {}: {}{stale}",
            proposal.number(),
            row.collection(),
            row.id,
            row.name().unwrap_or(""),
            effects.join(", "),
            row.recorded_by(),
            row.recorded_at().strftime("%Y-%m-%d"),
            row.reason(),
        );
    }
    println!("{waiting} wait for a second person");
    Ok(Exit::Done)
}
