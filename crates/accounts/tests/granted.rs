//! What is granted: second factors, tokens, administrators, the audit trail.

mod support;

use access::{Caller, Level, Right, Role, Sight};
use accounts::{
    Accounts, AccountsError, Action, Change, Credential, Entry, Filter, Mode, NewToken, Refused, SignIn,
    TokenAccess, TokenLevels,
};
use support::*;

const TOKEN: NewToken<'static> = NewToken {
    name: "gis",
    access: TokenAccess::Read,
    levels: TokenLevels::All,
    expires_on: jiff::civil::date(2027, 1, 1),
    second_factor: false,
};

fn is_error<T>(done: Result<T, AccountsError>, is_it: impl Fn(&AccountsError) -> bool) -> bool {
    done.err().is_some_and(|error| is_it(&error))
}

#[test]
fn a_role_that_needs_a_second_factor_is_withheld_until_it_is_set_up() {
    let bench = Bench::new();
    bench.make("taras", &[Role::Approver, Role::DataEntry]);
    let signed_in = bench.sign_in("taras", at(0));
    let roles = |cookie: &str, now| {
        let grants = bench.recognised(cookie, at(now)).caller.grants().to_vec();
        grants.iter().map(|grant| grant.role).collect::<Vec<_>>()
    };
    assert!(signed_in.account.second_factor_needed());
    assert_eq!(roles(&signed_in.cookie, 1), [Role::DataEntry]);
    let (secret, codes) = bench.set_second_factor_up(&signed_in.cookie, at(1));
    assert_eq!(roles(&signed_in.cookie, 1), [Role::Approver, Role::DataEntry]);

    let needed = bench.accounts.sign_in(&with("taras"), at(2));
    assert!(is_error(needed, |e| matches!(e, AccountsError::SecondFactorNeeded)));
    let shown = code(&secret, at(2));
    let sign_in =
        |code: &str, now| bench.accounts.sign_in(&SignIn { code: Some(code), ..with("taras") }, at(now));
    let cookie = sign_in(&shown, 2).expect("signs in").cookie;
    assert_eq!(roles(&cookie, 2), [Role::Approver, Role::DataEntry]);
    assert!(
        is_error(sign_in(&shown, 2), |e| matches!(e, AccountsError::SecondFactorFailed)),
        "a code is used once"
    );
    assert!(sign_in(&codes[0].to_uppercase(), 3).is_ok(), "a recovery code is good");
    assert!(sign_in(&codes[0], 3).is_err() && sign_in(&codes[1], 3).is_ok(), "once");

    bench.accounts.reset_second_factor("taras", &BY, at(4)).expect("reset");
    assert!(bench.is_ended(&cookie, at(4)));
    assert_eq!(roles(&bench.sign_in("taras", at(4)).cookie, 4), [Role::DataEntry]);
}

#[test]
fn a_second_factor_is_taken_off_with_password_and_code_and_its_roles_are_withheld_again() {
    let bench = Bench::new();
    bench.make("taras", &[Role::Approver]);
    let cookie = bench.sign_in("taras", at(0)).cookie;
    let (secret, codes) = bench.set_second_factor_up(&cookie, at(0));
    let session = bench.recognised(&cookie, at(1)).session.expect("a session");
    let off = |password: &str, code: &str| {
        bench.accounts.remove_second_factor(&session, (password, code), &BY, at(5))
    };
    assert!(off("wrong battery horse", &codes[0]).is_err() && off(PASSWORD, "000000").is_err());
    off(PASSWORD, &code(&secret, at(5))).expect("taken off");
    assert!(bench.recognised(&cookie, at(5)).caller.grants().is_empty());
    assert!(off(PASSWORD, &codes[0]).is_err(), "the recovery codes are gone with it");
}

#[test]
fn a_token_has_what_its_account_has_now_narrowed() {
    let bench = Bench::new();
    bench.make("gis", &[Role::DataEntry]);
    let made = |new: NewToken<'_>| bench.accounts.make_token("gis", &new, &BY, at(0)).expect("made").1;
    let caller = |text: &str| bench.accounts.caller(Credential::Token(text), at(1)).expect("good").caller;
    let sees = |caller: &Caller, level| caller.scope().sight(level, Some("dsns"));
    let read = made(TOKEN);
    assert!(!caller(&read).may_somewhere(Right::Write));
    assert_eq!(sees(&caller(&read), Level::Restricted), Sight::Exact);
    let write = made(NewToken { access: TokenAccess::Write, ..TOKEN });
    assert!(caller(&write).may(Right::Write, Some("dsns"), None));
    let partners = made(NewToken { levels: TokenLevels::Partners, ..TOKEN });
    assert_eq!(sees(&caller(&partners), Level::Partners), Sight::Exact);
    assert_eq!(sees(&caller(&partners), Level::Restricted), Sight::PublicForm);
    let public = made(NewToken { levels: TokenLevels::Public, ..TOKEN });
    assert!(caller(&public).scope().is_public());

    let change = Change { grants: Some(grants(&[Role::Partner])), ..Change::default() };
    bench.accounts.change("gis", &change, &BY, at(1)).expect("changed");
    assert!(!caller(&write).may_somewhere(Right::Write));
    bench
        .accounts
        .change("gis", &Change { disabled: Some(true), ..Change::default() }, &BY, at(1))
        .expect("disabled");
    assert!(matches!(bench.accounts.caller(Credential::Token(&read), at(1)), Err(Refused::Token)));
}

#[test]
fn a_token_that_ended_expired_or_never_was_is_refused() {
    let bench = Bench::new();
    bench.make("gis", &[Role::Partner]);
    let (token, text) = bench.accounts.make_token("gis", &TOKEN, &BY, at(0)).expect("made");
    let is_good = |text: &str, now| bench.accounts.caller(Credential::Token(text), now).is_ok();
    assert!(is_good(&text, at(1)) && !is_good(&text, token.expires_at));
    let mut wrong = text.clone();
    wrong.replace_range(20..21, if &text[20..21] == "a" { "b" } else { "a" });
    assert!(!is_good(&wrong, at(1)) && !is_good("", at(1)) && !is_good("minemap_", at(1)));
    assert_eq!(bench.accounts.tokens("gis").expect("lists")[0].last_used_at, Some(at(1)));
    assert!(bench.accounts.end_token("other", &token.id, &BY, at(2)).is_err());
    bench.accounts.end_token("gis", &token.id, &BY, at(2)).expect("ended");
    assert!(!is_good(&text, at(2)));
}

#[test]
fn tokens_of_guarded_accounts_are_made_with_the_second_factor_only() {
    let bench = Bench::new();
    bench.make("taras", &[Role::Approver]);
    let make = |new: &NewToken<'_>| bench.accounts.make_token("taras", new, &BY, at(0));
    assert!(is_error(make(&TOKEN), |e| matches!(e, AccountsError::SecondFactorNeeded)));
    let write_partners = NewToken { access: TokenAccess::Write, levels: TokenLevels::Partners, ..TOKEN };
    assert!(is_error(make(&write_partners), |e| matches!(e, AccountsError::BadValue(_))));
    // Made before the role was given: the role does not reach it.
    bench.make("olena", &[Role::DataEntry]);
    let (_, text) = bench.accounts.make_token("olena", &TOKEN, &BY, at(0)).expect("made");
    let cookie = bench.sign_in("olena", at(0)).cookie;
    bench.set_second_factor_up(&cookie, at(0));
    let change = Change { grants: Some(grants(&[Role::Approver])), ..Change::default() };
    bench.accounts.change("olena", &change, &BY, at(1)).expect("changed");
    let caller = bench.accounts.caller(Credential::Token(&text), at(1)).expect("good").caller;
    assert!(caller.grants().is_empty());
}

#[test]
fn a_reset_ends_the_tokens_that_somebody_else_may_hold() {
    let bench = Bench::new();
    bench.make("gis", &[Role::Partner]);
    for reset in [0, 1] {
        let (_, text) = bench.accounts.make_token("gis", &TOKEN, &BY, at(reset)).expect("made");
        match reset {
            0 => drop(bench.accounts.reset_password("gis", &BY, at(2)).expect("reset")),
            _ => bench.accounts.reset_second_factor("gis", &BY, at(2)).expect("reset"),
        }
        assert!(bench.accounts.caller(Credential::Token(&text), at(3)).is_err());
    }
}

#[test]
fn the_last_administrator_stays_and_the_register_has_accounts_for_good() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    assert_eq!(bench.accounts.mode().expect("known"), Mode::Workstation);
    let nobody = |accounts: &Accounts| accounts.caller(Credential::None, at(0)).expect("recognised").caller;
    assert_eq!(nobody(&bench.accounts), Caller::workstation());
    // By another process: the server that runs is told by the file.
    let other = bench.other();
    let grants_of_root = grants(&[Role::Administrator]);
    let new = accounts::New { id: "root", name: "Root", grants: &grants_of_root, password: None };
    let (_, first) = other.make(&new, &BY, at(0)).expect("made");
    assert_eq!(first.expect("a password").0.len(), 24);
    assert_eq!(nobody(&bench.accounts), Caller::public());
    let disabled = Change { disabled: Some(true), ..Change::default() };
    let demoted = Change { grants: Some(grants(&[Role::Partner])), ..Change::default() };
    for change in [&disabled, &demoted] {
        let done = bench.accounts.change("root", change, &BY, at(1));
        assert!(is_error(done, |e| matches!(e, AccountsError::LastAdministrator(_))));
    }
    bench.make("second", &[Role::Administrator]);
    bench.accounts.change("root", &disabled, &BY, at(1)).expect("now there is another");
    assert!(bench.accounts.change("second", &disabled, &BY, at(1)).is_err());
    assert_eq!(bench.other().mode().expect("known"), Mode::Accounts);
}

#[test]
fn whom_a_provider_tells_of_is_known_by_issuer_and_subject_and_has_what_his_groups_have() {
    let bench = Bench::new();
    let sign_in = |issuer, subject, roles: &[Role], second_factor| {
        let (grants, address) = (grants(roles), support::address(1));
        let told = accounts::Told {
            issuer_id: "ministry",
            issuer,
            subject,
            name: "Olena",
            grants: &grants,
            second_factor,
            address,
            agent: "tests",
        };
        bench.accounts.sign_in_told(&told, at(0))
    };
    let here = "https://id.example.org";
    let first = sign_in(here, "17", &[Role::Approver, Role::Partner], false).expect("signs in");
    let roles = |cookie: &str| bench.recognised(cookie, at(1)).caller.grants().len();
    assert_eq!(roles(&first.cookie), 1, "the provider did not ask for a second factor");
    let again = sign_in(here, "17", &[Role::Approver], true).expect("signs in");
    assert_eq!((again.account.id.as_str(), roles(&again.cookie)), (first.account.id.as_str(), 1));
    assert_eq!(roles(&first.cookie), 0, "what the groups do not have any more is gone in every session");
    for (issuer, subject) in [(here, "18"), ("https://other.example.org", "17")] {
        let other = sign_in(issuer, subject, &[], false).expect("signs in");
        assert_ne!(other.account.id, first.account.id);
    }
    assert!(bench.accounts.sign_in(&with(&first.account.id), at(1)).is_err(), "there is no password");
    assert!(bench.accounts.reset_password(&first.account.id, &BY, at(1)).is_err());
    let disabled = Change { disabled: Some(true), ..Change::default() };
    bench.accounts.change(&first.account.id, &disabled, &BY, at(1)).expect("disabled");
    assert!(is_error(sign_in(here, "17", &[], true), |e| matches!(e, AccountsError::SignInFailed)));
}

#[test]
fn identifiers_names_and_areas_that_cannot_be_used_are_refused() {
    let bench = Bench::new();
    let make = |id: &str, name: &str, area| {
        let grants = [access::Grant { role: Role::Partner, organisation: None, area }];
        bench.accounts.make(&accounts::New { id, name, grants: &grants, password: None }, &BY, at(0)).err()
    };
    let long = "a".repeat(65);
    for id in ["", "Olena", "оlena", "a b", &long] {
        assert!(matches!(make(id, "Olena", None), Some(AccountsError::BadValue(_))), "{id}");
    }
    assert!(make("olena", " ", None).is_some() && make("olena", "O\nlena", None).is_some());
    assert!(make("olena", "Olena", Some([30.0, 50.0, 31.0, 49.0])).is_some());
    assert!(make("olena", "Olena", Some([f64::NAN, 0.0, 1.0, 1.0])).is_some());
    assert!(make("olena.k@dsns", "Olena", Some([30.0, 49.0, 31.0, 50.0])).is_none());
    assert!(matches!(make("olena.k@dsns", "Olena", None), Some(AccountsError::AccountExists(_))));
}

#[test]
fn the_audit_trail_is_whole_paged_and_not_to_be_altered() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    for _ in 0..5 {
        bench.accounts.note(&Entry::done(Action::Export, "surveys", "csv").by(&BY), at(1)).expect("noted");
    }
    let exports = Filter { action: Some("export"), account: Some("root"), ..Filter::default() };
    let (page, next) = bench.accounts.audit(&exports, 3).expect("reads");
    assert_eq!((page.len(), next), (3, Some(4)));
    let rest = Filter { since: 4, ..exports };
    let (page, next) = bench.accounts.audit(&rest, 3).expect("reads");
    assert_eq!((page.iter().map(|e| e.number).collect::<Vec<_>>(), next), (vec![5, 6], None));
    assert_eq!(bench.accounts.verify_audit().expect("walked").broken_at, None);

    let file = rusqlite::Connection::open(bench.file()).expect("opens");
    for sql in [
        "UPDATE audit SET name = 'x'",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 9, at, account, name, action, object, outcome, address, detail, hash FROM audit WHERE number = 1",
    ] {
        assert!(file.execute(sql, []).is_err(), "{sql}");
    }
    file.execute_batch("DROP TRIGGER audit_keeps; UPDATE audit SET object = 'accidents' WHERE number = 3")
        .expect("altered by force");
    let checked = bench.accounts.verify_audit().expect("walked");
    assert_eq!(checked.broken_at, Some(3));
}

#[test]
fn what_is_noted_later_is_there_soon_and_when_the_accounts_are_closed() {
    let bench = Bench::new();
    let read = || Entry::done(Action::ReadRestricted, "hazardous-areas", "").by(&BY);
    for _ in 0..1_000 {
        bench.accounts.note_later(read(), at(0)).expect("taken");
    }
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    let count = |accounts: &Accounts| accounts.verify_audit().expect("walked").entries;
    assert_eq!(count(&bench.accounts), 1_000);
    bench.accounts.note_later(read(), at(0)).expect("taken");
    let Bench { folder, accounts } = bench;
    drop(accounts);
    let again = Accounts::open_with(&folder.path().join("a.accounts"), CHEAP).expect("opens");
    assert_eq!(count(&again), 1_001);
}

#[test]
fn a_trail_that_cannot_take_more_refuses() {
    let bench = Bench::new();
    // Somebody else holds the file: nothing can be written.
    let file = rusqlite::Connection::open(bench.file()).expect("opens");
    file.execute_batch("BEGIN EXCLUSIVE").expect("held");
    let read = || Entry::done(Action::ReadRestricted, "hazardous-areas", "").by(&BY);
    let taken = (0..30_000).take_while(|_| bench.accounts.note_later(read(), at(0)).is_ok()).count();
    assert!((10_000..=13_000).contains(&taken), "{taken}");
    let refused = bench.accounts.note_later(read(), at(0)).err();
    assert!(matches!(refused, Some(AccountsError::AuditStopped)));
    file.execute_batch("COMMIT").expect("let go");
    drop(bench.accounts);
    drop(file);
    let again = Accounts::open_with(&bench.folder.path().join("a.accounts"), CHEAP).expect("opens");
    assert_eq!(again.verify_audit().expect("walked").entries, taken as u64);
}
