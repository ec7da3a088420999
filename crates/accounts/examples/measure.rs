//! How long recognising somebody, noting something and a password's hash take here.
//!
//! `cargo run --release -p accounts --example measure FOLDER`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that cannot go on has failed")]

use std::time::Instant;

use access::{Grant, Role};
use accounts::{Accounts, Action, By, Credential, Entry, New, SignIn};
use jiff::Timestamp;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let file = std::path::Path::new(&folder).join("measured.accounts");
    let (accounts, now) = (Accounts::open(&file).unwrap(), Timestamp::now());
    let by = By { account: None, name: "measure", address: "" };
    let grants = [Grant { role: Role::DataEntry, organisation: None, area: None }];
    let password = "seven grey herons at dusk";
    let new = New { id: "olena", name: "Olena", grants: &grants, password: Some(password) };
    accounts.make(&new, &by, now).unwrap();
    let with = SignIn {
        account: "olena",
        password,
        code: None,
        device: None,
        address: [127, 0, 0, 1].into(),
        agent: "measure",
    };
    let timed = |what: &str, times: u32, work: &dyn Fn()| {
        work();
        let began = Instant::now();
        (0..times).for_each(|_| work());
        println!("{what}: {:?} each of {times}", began.elapsed() / times);
    };
    timed("sign-in at the least cost", 5, &|| drop(accounts.sign_in(&with, now).unwrap()));
    println!("calibrated: {:?}", accounts.calibrate().unwrap());
    timed("sign-in as calibrated", 3, &|| drop(accounts.sign_in(&with, now).unwrap()));
    let cookie = accounts.sign_in(&with, now).unwrap().cookie;
    let known = || drop(accounts.caller(Credential::Session(&cookie), now).unwrap());
    timed("caller of a cookie", 100_000, &known);
    timed("caller of nobody", 100_000, &|| drop(accounts.caller(Credential::None, now).unwrap()));
    let entry = Entry::done(Action::Export, "measured", "");
    timed("note", 100, &|| accounts.note(&entry, now).unwrap());
    timed("note later", 5_000, &|| accounts.note_later(entry.clone(), now).unwrap());
    timed("walk along the trail", 1, &|| assert!(accounts.verify_audit().unwrap().broken_at.is_none()));
}
