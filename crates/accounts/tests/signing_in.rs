//! Signing in: who gets in, for how long, and who is kept out.

mod support;

use access::{Right, Role};
use accounts::{AccountsError, Change, Credential, Setup, SignIn};
use support::*;

#[test]
fn unknown_wrong_and_disabled_are_answered_alike_and_noted() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    bench.make("gone", &[Role::DataEntry]);
    let disabled = Change { disabled: Some(true), ..Change::default() };
    bench.accounts.change("gone", &disabled, &BY, at(0)).expect("disabled");
    let wrong = SignIn { password: "correct horse batters", ..with("olena") };
    for tried in [wrong, with("nobody"), with("gone")] {
        let refused = bench.accounts.sign_in(&tried, at(1)).err().expect("refused");
        assert!(matches!(refused, AccountsError::SignInFailed), "{refused}");
    }
    let (entries, _) = bench.accounts.audit(&Default::default(), 100).expect("reads");
    let objects: Vec<_> =
        entries.iter().filter(|e| e.action == "sign_in_refused").map(|e| e.object.as_str()).collect();
    assert_eq!(objects, ["olena", "unknown account", "gone"]);
    assert_eq!(bench.sign_in(" Olena", at(1)).account.id, "olena");
}

#[test]
fn an_unknown_account_takes_as_long_as_a_known_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let accounts = accounts::Accounts::open(&folder.path().join("a.accounts")).expect("opens");
    let new = accounts::New { id: "olena", name: "Olena", grants: &[], password: Some(PASSWORD) };
    accounts.make(&new, &BY, at(0)).expect("makes");
    let took = |account: &str| {
        let wrong = SignIn { password: "correct horse batters", ..with(account) };
        let began = std::time::Instant::now();
        assert!(matches!(accounts.sign_in(&wrong, at(0)), Err(AccountsError::SignInFailed)));
        began.elapsed().as_secs_f64()
    };
    // In turns, the fastest of each: the machine has other work too.
    let times: Vec<_> = (0..5).map(|_| (took("olena"), took("nobody"))).collect();
    let fastest = |of: fn(&(f64, f64)) -> f64| times.iter().map(of).fold(f64::INFINITY, f64::min);
    let (known, unknown) = (fastest(|t| t.0), fastest(|t| t.1));
    assert!(unknown > known * 0.5 && unknown < known * 2.0, "{unknown} s, {known} s");
}

#[test]
fn guessers_elsewhere_do_not_keep_the_owner_out_of_a_device_known_before() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    let device = bench.sign_in("olena", at(0)).device;
    for last in 2..200 {
        let wrong = SignIn { password: "correct horse batters", address: address(last), ..with("olena") };
        let _ = bench.accounts.sign_in(&wrong, at(1));
    }
    let elsewhere = SignIn { address: address(250), ..with("olena") };
    assert!(is_too_many(&bench.accounts.sign_in(&elsewhere, at(1))), "the account is measured");
    let known = SignIn { device: Some(&device), ..with("olena") };
    assert!(bench.accounts.sign_in(&known, at(1)).is_ok(), "the device is not");
    // The device's own measure is bounded as well.
    let wrong = SignIn { password: "correct horse batters", ..known };
    let refused = (0..11).map(|_| bench.accounts.sign_in(&wrong, at(2))).filter(is_too_many).count();
    assert_eq!(refused, 1);
}

#[test]
fn one_address_cannot_try_many_accounts() {
    let bench = Bench::new();
    let tried = |n: usize| bench.accounts.sign_in(&with(&format!("guess{n}")), at(0));
    assert_eq!((0..30).map(tried).filter(is_too_many).count(), 20);
}

#[test]
fn a_session_ends_when_idle_and_when_old_sooner_for_administrators() {
    let bench = Bench::new();
    bench.make("root", &[Role::Administrator]);
    bench.make("olena", &[Role::DataEntry]);
    for (id, idle, whole) in [("olena", 12 * 60, 30 * 24 * 60), ("root", 30, 12 * 60)] {
        let cookie = bench.sign_in(id, at(0)).cookie;
        bench.recognised(&cookie, at(idle - 1));
        bench.recognised(&cookie, at(2 * idle - 2));
        assert!(bench.is_ended(&cookie, at(3 * idle)), "{id}");
        let cookie = bench.sign_in(id, at(0)).cookie;
        let mut now = 0;
        while now + idle - 1 < whole {
            now += idle - 1;
            bench.recognised(&cookie, at(now));
        }
        assert!(bench.is_ended(&cookie, at(whole)), "{id}");
    }
}

#[test]
fn a_change_of_role_and_a_disabled_account_take_effect_at_the_next_request() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    let cookie = bench.sign_in("olena", at(0)).cookie;
    let may_write = || bench.recognised(&cookie, at(1)).caller.may_somewhere(Right::Write);
    assert!(may_write());
    // By another process.
    let other = bench.other();
    let change = Change { grants: Some(grants(&[Role::Partner])), ..Change::default() };
    other.change("olena", &change, &BY, at(1)).expect("changed");
    assert!(!may_write());
    // And by this one.
    let change = Change { grants: Some(grants(&[Role::Verifier])), ..Change::default() };
    bench.accounts.change("olena", &change, &BY, at(1)).expect("changed");
    assert!(may_write());
    other
        .change("olena", &Change { disabled: Some(true), ..Change::default() }, &BY, at(1))
        .expect("disabled");
    assert!(bench.is_ended(&cookie, at(1)));
    other
        .change("olena", &Change { disabled: Some(false), ..Change::default() }, &BY, at(1))
        .expect("enabled");
    assert!(bench.is_ended(&cookie, at(1)), "what was ended stays ended");
}

#[test]
fn a_changed_password_ends_the_other_sessions_and_a_reset_ends_all() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    let (own, other) = (bench.sign_in("olena", at(0)), bench.sign_in("olena", at(0)));
    let session = bench.recognised(&own.cookie, at(1)).session.expect("a session");
    let change = |current, new| bench.accounts.change_password(&session, (current, new), &BY, at(1));
    assert!(matches!(change("wrong battery horse", "nine green bottles"), Err(AccountsError::SignInFailed)));
    assert!(matches!(change(PASSWORD, "password1234"), Err(AccountsError::BadPassword(_))));
    change(PASSWORD, "nine green bottles").expect("changed");
    assert!(bench.is_ended(&other.cookie, at(1)));
    bench.recognised(&own.cookie, at(1));
    assert!(bench.accounts.sign_in(&with("olena"), at(1)).is_err());

    let first = bench.accounts.reset_password("olena", &BY, at(2)).expect("reset").0;
    assert!(bench.is_ended(&own.cookie, at(2)));
    let signed_in = bench.accounts.sign_in(&SignIn { password: &first, ..with("olena") }, at(3));
    let signed_in = signed_in.expect("signs in");
    let before = bench.recognised(&signed_in.cookie, at(3));
    assert!(signed_in.account.password_change_needed && before.caller.grants().is_empty());
    let session = before.session.expect("a session");
    bench.accounts.change_password(&session, (&first, "nine green bottles"), &BY, at(3)).expect("changed");
    assert_eq!(bench.recognised(&signed_in.cookie, at(3)).caller.grants().len(), 1);
}

#[test]
fn own_sessions_are_listed_and_ended_one_by_one() {
    let bench = Bench::new();
    let account = bench.make("olena", &[Role::DataEntry]);
    let (one, other) = (bench.sign_in("olena", at(0)), bench.sign_in("olena", at(1)));
    let listed = bench.accounts.sessions(&account, at(2)).expect("lists");
    assert_eq!(listed.iter().map(|s| &s.id).collect::<Vec<_>>(), [&other.session.id, &one.session.id]);
    assert!(bench.accounts.end_session("taras", &one.session.id, &BY, at(2)).is_err());
    bench.accounts.end_session("olena", &one.session.id, &BY, at(2)).expect("ended");
    assert!(bench.is_ended(&one.cookie, at(2)) && !bench.is_ended(&other.cookie, at(2)));
}

#[test]
fn no_cookie_token_code_or_password_stands_in_the_file() {
    let bench = Bench::new();
    bench.make("olena", &[Role::DataEntry]);
    let signed_in = bench.sign_in("olena", at(0));
    let (_, codes) = bench.set_second_factor_up(&signed_in.cookie, at(0));
    let bytes = std::fs::read(bench.file()).expect("reads");
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("olena"));
    for secret in [&signed_in.cookie, &signed_in.device, &PASSWORD.to_owned(), &codes[0]] {
        assert!(!holds(secret), "{secret}");
    }
}

#[test]
fn the_setup_token_makes_one_administrator_once() {
    let bench = Bench::new();
    let token = bench.accounts.begin_setup().expect("begins").expect("a token");
    let setup = |token| Setup {
        token,
        account: "root",
        name: "Root",
        password: PASSWORD,
        address: address(1),
        agent: "tests",
    };
    assert!(matches!(bench.accounts.set_up(&setup("wrong"), at(0)), Err(AccountsError::SetupRefused)));
    let weak = Setup { password: "password1234", ..setup(&token) };
    assert!(matches!(bench.accounts.set_up(&weak, at(0)), Err(AccountsError::BadPassword(_))));
    let done = bench.accounts.set_up(&setup(&token), at(0)).expect("set up");
    assert!(done.account.is_administrator() && done.account.second_factor_needed());
    let again = Setup { account: "other", ..setup(&token) };
    assert!(matches!(bench.accounts.set_up(&again, at(0)), Err(AccountsError::SetupDone)));
    assert!(bench.accounts.begin_setup().expect("looks").is_none());
    let nobody = bench.accounts.caller(Credential::None, at(0)).expect("recognised");
    assert_eq!(nobody.caller, access::Caller::public());
}

#[test]
fn ten_wrong_setup_tokens_end_the_right_one() {
    let bench = Bench::new();
    let token = bench.accounts.begin_setup().expect("begins").expect("a token");
    let setup = |token| Setup {
        token,
        account: "root",
        name: "Root",
        password: PASSWORD,
        address: address(1),
        agent: "tests",
    };
    for _ in 0..10 {
        assert!(matches!(bench.accounts.set_up(&setup("wrong"), at(0)), Err(AccountsError::SetupRefused)));
    }
    assert!(matches!(bench.accounts.set_up(&setup(&token), at(0)), Err(AccountsError::SetupRefused)));
}
