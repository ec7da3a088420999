//! Promises after `kill -9`: what was acknowledged is there, what was not is there whole or not at all.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use store_sqlite::Store;
use support::*;

const BATCH: u64 = 7;

/// The part of the child: appends until it is killed. Without the variable it is an empty test.
#[test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn child() {
    let Some(path) = std::env::var_os("STORE_UNDER_FIRE") else { return };
    let mut store = Store::open(path.as_ref()).expect("opens");
    loop {
        let last = store.append(entries(BATCH).into_iter()).expect("appends");
        println!("acknowledged {}", last.end());
    }
}

fn started(path: &std::path::Path) -> Child {
    let itself = std::env::current_exe().expect("this test");
    let arguments = ["--exact", "child", "--nocapture", "--test-threads", "1"];
    let mut command = Command::new(itself);
    command.args(arguments).env("STORE_UNDER_FIRE", path).stdout(Stdio::piped()).spawn().expect("starts")
}

#[test]
fn a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_half() {
    const ROUNDS: u64 = 25;
    let (_folder, path) = file();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut child = started(&path);
        std::thread::sleep(Duration::from_millis(15 + round * 7 % 60));
        child.kill().expect("kills");
        for line in BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok) {
            let last = line.rsplit_once("acknowledged ").and_then(|(_, last)| last.parse().ok());
            acknowledged = last.unwrap_or(acknowledged).max(acknowledged);
        }
        child.wait().expect("ends");
        let store = Store::open(&path).expect("opens after the kill");
        assert!(store.head().revision >= acknowledged, "{} < {acknowledged}", store.head().revision);
        assert_eq!(store.head().revision % BATCH, 0, "half a batch");
        assert_eq!(verified(&store).problems, []);
    }
    eprintln!("{ROUNDS} kills, {acknowledged} acknowledged, 0 lost");
    assert!(acknowledged > 0, "the child never came to write");
}
