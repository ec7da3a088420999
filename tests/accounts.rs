//! Accounts as people and programs meet them: who gets in, what each may do, what is written down.

use std::net::TcpStream;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{PASSWORD, Programme, Run, Server, minemap, other_program};
use crate::visitor::{Browser, PAGE, kind, office};

fn record() -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [36.0, 49.0]}, "properties": {
        "name": "Reported by phone", "kind": "item_seen", "triage": "new", "reported_on": "2026-01-01",
        "sharing": "partners"}})
}

#[test]
fn a_register_without_an_administrator_answers_its_own_machine_only() {
    let programme = Programme::new();
    let serve = |more: &[&str]| {
        let mut command = minemap();
        command.args(["serve", "--store"]).arg(programme.store()).args(more);
        Run::of(&mut command)
    };
    let wide = serve(&["--listen", "0.0.0.0:0"]);
    assert!(wide.code == 2 && wide.stderr.contains("no administrator"), "{}", wide.all());
    let insecure = serve(&["--listen", "0.0.0.0:0", "--insecure-http"]);
    assert!(insecure.code == 2 && insecure.stderr.contains("no administrator"), "{}", insecure.all());

    let server = programme.serve();
    assert!(server.setup.is_some(), "the one-time token is shown");
    let session = server.json("/session");
    assert_eq!((&session["mode"], &session["account"]), (&json!("workstation"), &Value::Null));
    assert_eq!(session["rights"].as_array().unwrap().iter().filter(|right| *right == "write").count(), 0);
    let refused = server.send("POST", "/records/hazard-reports", &[], &record().to_string());
    assert_eq!((refused.status, kind(&refused)), (401, "sign-in-needed".to_owned()));
    for (host, status) in
        [("localhost:8080", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 421)]
    {
        for path in ["/session", "/", "/query/summary"] {
            assert_eq!(server.ask(path, &[("host", host)]).status, status, "{host} {path}");
        }
    }
    server.stop();

    programme.account("iryna", "administrator");
    let wide = serve(&["--listen", "0.0.0.0:0"]);
    assert!(wide.code == 2 && wide.stderr.contains("--insecure-http"), "{}", wide.all());
    let server = programme.serve();
    assert!(server.setup.is_none(), "there is nothing to set up");
    assert_eq!(server.json("/session")["mode"], "accounts");
    assert_eq!(server.ask("/session", &[("host", "map.example")]).status, 200);
    server.stop();
}

#[test]
fn plain_http_beyond_this_machine_is_served_when_the_operator_says_so() {
    let programme = Programme::new();
    programme.account("iryna", "administrator");
    let mut command = minemap();
    command.args(["serve", "--insecure-http", "--listen", "0.0.0.0:0", "--store"]).arg(programme.store());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stderr.take().unwrap()), &mut line)
        .unwrap();
    let port = line.split("0.0.0.0:").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    assert!(TcpStream::connect(format!("127.0.0.1:{port}")).is_ok(), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_files_of_a_register_are_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let programme = Programme::new();
    let store = programme.path("new").join("minemap.gpkg");
    let server = Server::start(&store, &[]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(store.parent().unwrap()), 0o700);
    for entry in std::fs::read_dir(store.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    server.stop();
    let accounts = programme.path("new").join("minemap.gpkg.accounts");
    std::fs::set_permissions(&accounts, std::fs::Permissions::from_mode(0o644)).unwrap();
    let run = Run::of(minemap().args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(&store));
    assert!(run.code == 2 && run.stderr.contains("chmod 600"), "{}", run.all());
}

#[test]
fn the_setup_token_makes_the_first_administrator_once() {
    let programme = Programme::new();
    let server = programme.serve();
    let token = server.setup.clone().unwrap();
    let set_up = |browser: &mut Browser<'_>, token: &str, account: &str| {
        let body = json!({"token": token, "account": account, "name": "Iryna", "password": PASSWORD});
        browser.send("POST", "/account/setup", &body)
    };
    let mut browser = Browser::new(&server);
    let wrong = set_up(&mut browser, "wrong", "iryna");
    assert_eq!((wrong.status, kind(&wrong)), (403, "setup-refused".to_owned()));
    let elsewhere = server.send("POST", "/account/setup", &[("origin", "https://evil.example")], "{}");
    assert_eq!(kind(&elsewhere), "another-site");

    let done = set_up(&mut browser, &token, "iryna");
    assert_eq!(done.status, 201, "{}", done.text());
    let cookie = done.cookies.iter().find(|line| line.starts_with("__Host-minemap=")).unwrap();
    for attribute in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let session = done.json();
    assert_eq!((&session["mode"], &session["account"]["id"]), (&json!("accounts"), &json!("iryna")));
    assert_eq!(session["account"]["second_factor_needed"], true);
    assert_eq!(session["rights"], json!([]), "withheld until the second factor is set up");
    assert_eq!(browser.get("/accounts").status, 403);
    let again = set_up(&mut Browser::new(&server), &token, "other");
    assert_eq!((again.status, kind(&again)), (409, "setup-done".to_owned()));

    let (_, codes) = browser.set_second_factor_up();
    assert_eq!(codes.len(), 10);
    let session = browser.session();
    assert_eq!(
        (&session["second_factor_of_session"], &session["rights"]),
        (
            &json!(true),
            &json!([
                "read_history",
                "read_past",
                "read_proposals",
                "read_findings",
                "manage_accounts",
                "read_audit"
            ])
        )
    );
    assert_eq!(browser.get("/accounts").status, 200);
    server.stop();
}

#[test]
fn signing_in_gives_a_cookie_signing_out_ends_it_and_refusals_do_not_say_why() {
    let (programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let session = olena.session();
    assert_eq!((&session["account"]["id"], &session["organisations"]), (&json!("olena"), &Value::Null));
    assert!(session["rights"].as_array().unwrap().contains(&json!("write")));

    let disable =
        programme.user(&["add", "gone", "--name", "Gone", "--role", "partner", "--password-stdin"], PASSWORD);
    assert_eq!(disable.code, 0, "{}", disable.all());
    assert_eq!(programme.user(&["disable", "gone"], "").code, 0);
    let mut texts = Vec::new();
    for (account, password) in
        [("olena", "seven grey herons at dawn"), ("nobody", PASSWORD), ("gone", PASSWORD)]
    {
        let refused = Browser::new(&server).sign_in(account, password, None);
        assert_eq!((refused.status, kind(&refused)), (401, "sign-in-failed".to_owned()));
        texts.push(refused.text());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);

    let stolen = olena.cookie();
    assert_eq!(olena.send("DELETE", "/session", &Value::Null).status, 204);
    assert_eq!(server.ask("/session", &[("cookie", &stolen)]).json()["account"], Value::Null);
    let ended = server.ask("/query/summary", &[("cookie", &stolen)]);
    assert_eq!((ended.status, kind(&ended)), (401, "sign-in-needed".to_owned()), "never silently the public");
    assert_eq!(server.ask("/", &[("cookie", &stolen)]).status, 200, "the page is shown all the same");
    server.stop();
}

#[test]
fn a_request_with_the_cookie_that_changes_something_must_come_from_the_page() {
    let (_programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let own = server.url.clone();
    for (more, status) in [
        (vec![], 403),
        (vec![("origin", own.as_str())], 403),
        (vec![PAGE, ("origin", "https://evil.example")], 403),
        (vec![PAGE, ("origin", "null")], 403),
        (vec![PAGE, ("origin", own.as_str())], 201),
        (vec![PAGE], 201),
    ] {
        let answer = olena.send_with("POST", "/records/hazard-reports", &more, &record());
        assert_eq!(answer.status, status, "{more:?}: {}", answer.text());
        assert!(status == 201 || kind(&answer) == "another-site", "{more:?}");
    }
    server.stop();
}

#[test]
fn guessing_is_slowed_down_and_a_device_known_before_still_gets_in() {
    let (_programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let mut guesser = Browser::new(&server);
    let answers: Vec<_> =
        (0..12).map(|_| guesser.sign_in("olena", "seven grey herons at dawn", None)).collect();
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert_eq!(refused.len(), 2, "ten tries");
    assert_eq!(kind(refused[0]), "too-many-tries");
    assert!(refused[0].headers["retry-after"].parse::<u64>().unwrap() >= 1);
    assert_eq!(olena.send("DELETE", "/session", &Value::Null).status, 204);
    assert_eq!(
        olena.sign_in("olena", PASSWORD, None).status,
        200,
        "from the same address, by the device's cookie"
    );
    server.stop();
}

#[test]
fn a_second_factor_is_asked_for_and_each_code_is_good_once() {
    let (_programme, server) = office();
    let mut first = Browser::signed_in(&server, "taras");
    assert_eq!(first.session()["rights"], json!([]), "an approver without one has nothing yet");
    let wrong =
        first.send("POST", "/account/second-factor", &json!({"password": "seven grey herons at dawn"}));
    assert_eq!(kind(&wrong), "sign-in-failed");
    let (_, codes) = first.set_second_factor_up();
    assert!(first.session()["rights"].as_array().unwrap().contains(&json!("approve")));

    let mut second = Browser::new(&server);
    assert_eq!(kind(&second.sign_in("taras", PASSWORD, None)), "second-factor-needed");
    assert_eq!(kind(&second.sign_in("taras", PASSWORD, Some("000000"))), "second-factor-failed");
    assert_eq!(
        kind(&second.sign_in("taras", PASSWORD, Some(&first.used_code))),
        "second-factor-failed",
        "used before"
    );
    assert_eq!(second.sign_in("taras", PASSWORD, Some(&codes[0])).status, 200);
    assert!(second.session()["second_factor_of_session"].as_bool().unwrap());
    assert_eq!(
        kind(&Browser::new(&server).sign_in("taras", PASSWORD, Some(&codes[0]))),
        "second-factor-failed"
    );
    server.stop();
}

#[test]
fn a_token_is_sent_as_bearer_or_as_the_password_of_basic_and_a_bad_one_is_never_the_public() {
    let (programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let wanted = json!({"name": "QGIS", "access": "read", "levels": "all", "expires_on": in_days(30)});
    let made = olena.send("POST", "/account/tokens", &wanted);
    assert_eq!(made.status, 201, "{}", made.text());
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let session = server.ask("/session", &[("authorization", &bearer)]).json();
    assert_eq!(session["account"]["id"], "olena");
    assert!(!session["rights"].as_array().unwrap().contains(&json!("write")), "it only reads");
    let url = format!("{}/session", server.url);
    let by_curl = other_program("curl", &["-s", "-u", &format!("anything:{token}"), &url]).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&by_curl.stdout).unwrap()["account"]["id"], "olena");
    let refused =
        server.send("POST", "/records/hazard-reports", &[("authorization", &bearer)], &record().to_string());
    assert_eq!(
        (refused.status, kind(&refused), refused.json()["right"].clone()),
        (403, "not-allowed".to_owned(), json!("write"))
    );
    assert_eq!(
        server.ask("/account/tokens", &[("authorization", &bearer)]).status,
        403,
        "a token makes no tokens"
    );

    let writes = format!("Bearer {}", programme.token("olena"));
    let written =
        server.send("POST", "/records/hazard-reports", &[("authorization", &writes)], &record().to_string());
    assert_eq!(written.status, 201, "{}", written.text());
    for bad in ["Bearer minemap_x", "Bearer ", "Basic !", "Digest x", &format!("{bearer}x")] {
        let refused = server.ask("/query/summary", &[("authorization", bad)]);
        assert_eq!((refused.status, kind(&refused)), (401, "token-refused".to_owned()), "{bad}");
        let ways = &refused.headers["www-authenticate"];
        assert!(ways.contains("Bearer") && ways.contains("Basic realm=\"minemap\""), "{ways}");
    }
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(olena.send("DELETE", &format!("/account/tokens/{id}"), &Value::Null).status, 204);
    assert_eq!(server.ask("/session", &[("authorization", &bearer)]).status, 401);
    server.stop();
}

fn in_days(days: u32) -> String {
    let script = "import datetime,sys; print((datetime.datetime.now(datetime.timezone.utc)+datetime.timedelta(int(sys.argv[1]))).date())";
    let output = other_program("python3", &["-c", script, &days.to_string()]).unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_disabled_account_and_a_changed_role_take_effect_at_the_next_request() {
    let (programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let token = format!("Bearer {}", programme.token("olena"));
    let mut iryna = Browser::administrator(&server, "iryna");
    let mut write = || olena.send("POST", "/records/hazard-reports", &record());
    assert_eq!(write().status, 201);
    let patch = |iryna: &mut Browser<'_>, part: Value| iryna.send("PATCH", "/accounts/olena", &part);
    let partner = patch(&mut iryna, json!({"grants": [{"role": "partner"}]}));
    assert_eq!((partner.status, partner.json()["grants"][0]["role"].clone()), (200, json!("partner")));
    assert_eq!(kind(&write()), "not-allowed");
    // By a command, while the server runs.
    assert_eq!(programme.user(&["grant", "olena", "--role", "data_entry"], "").code, 0);
    assert_eq!(write().status, 201);
    assert_eq!(programme.user(&["disable", "olena"], "").code, 0);
    assert_eq!(kind(&write()), "sign-in-needed");
    assert_eq!(server.ask("/query/summary", &[("authorization", &token)]).status, 401);
    server.stop();
}

#[test]
fn an_administrator_makes_accounts_and_the_last_one_stays() {
    let (_programme, server) = office();
    let mut iryna = Browser::administrator(&server, "iryna");
    let wanted =
        json!({"id": "marta", "name": "Marta", "grants": [{"role": "partner", "organisation": "dsns"}]});
    let made = iryna.send("POST", "/accounts", &wanted);
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(kind(&iryna.send("POST", "/accounts", &wanted)), "account-exists");
    let first = made.json()["first_password"].as_str().unwrap().to_owned();

    let mut marta = Browser::new(&server);
    let signed_in = marta.sign_in("marta", &first, None).json();
    assert_eq!(
        (&signed_in["account"]["password_change_needed"], &signed_in["rights"]),
        (&json!(true), &json!([]))
    );
    for (new, status) in [("password1234", 422), ("marta marta marta", 422), ("short", 422), (PASSWORD, 204)]
    {
        let changed = marta.send("POST", "/account/password", &json!({"current": first, "new": new}));
        assert_eq!(changed.status, status, "{new}: {}", changed.text());
    }
    assert!(!marta.session()["rights"].as_array().unwrap().is_empty());
    assert_eq!(marta.get("/accounts").status, 403);

    for part in [json!({"disabled": true}), json!({"grants": []})] {
        let refused = iryna.send("PATCH", "/accounts/iryna", &part);
        assert_eq!((refused.status, kind(&refused)), (409, "last-administrator".to_owned()));
    }
    let reset = iryna.send("POST", "/accounts/marta/password", &Value::Null);
    assert_eq!(reset.status, 200, "{}", reset.text());
    assert_eq!(marta.session()["account"], Value::Null, "its sessions have ended");
    assert_eq!(iryna.send("POST", "/accounts/marta/second-factor/reset", &Value::Null).status, 204);
    let listed = iryna.get("/accounts").json();
    let ids: Vec<_> =
        listed["accounts"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["iryna", "marta", "olena", "taras"]);
    server.stop();
}

#[test]
fn own_sessions_are_listed_and_ended() {
    let (_programme, server) = office();
    let (mut here, mut there) = (Browser::signed_in(&server, "olena"), Browser::signed_in(&server, "olena"));
    let listed = here.get("/account/sessions").json();
    let sessions = listed["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/account/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(Browser::signed_in(&server, "taras").send("DELETE", &path, &Value::Null).status, 404);
    assert_eq!(here.send("DELETE", &path, &Value::Null).status, 204);
    assert_eq!(there.session()["account"], Value::Null);
    assert_eq!(here.session()["account"]["id"], "olena");
    server.stop();
}

#[test]
fn what_was_done_and_refused_stands_in_the_audit_trail() {
    let (programme, server) = office();
    let mut olena = Browser::signed_in(&server, "olena");
    let _ = Browser::new(&server).sign_in("olena", "seven grey herons at dawn", None);
    assert_eq!(olena.get("/accounts").status, 403);
    assert_eq!(olena.get("/audit").status, 403);
    let mut iryna = Browser::administrator(&server, "iryna");
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    let trail = iryna.get("/audit?limit=10000").json();
    assert_eq!((&trail["checked"], &trail["next"]), (&json!(true), &Value::Null));
    let entries = trail["entries"].as_array().unwrap();
    assert!(entries.iter().zip(1..).all(|(entry, number)| entry["number"] == number));
    let has = |action: &str, account: Value, object: &str| {
        entries.iter().any(|e| e["action"] == action && e["account"] == account && e["object"] == object)
    };
    assert!(has("account_made", Value::Null, "olena") && has("sign_in", json!("olena"), "olena"));
    assert!(has("sign_in_refused", Value::Null, "olena") && has("refused", json!("olena"), "GET /accounts"));
    assert!(has("second_factor", json!("iryna"), "iryna"));
    assert!(!trail.to_string().contains(PASSWORD));
    let page = iryna.get("/audit?action=account_made&limit=2").json();
    let next = page["next"].as_u64().unwrap();
    let rest = iryna.get(&format!("/audit?action=account_made&limit=2&since={next}")).json();
    assert_eq!((rest["entries"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let csv = iryna.get("/audit?f=csv").text();
    assert!(csv.starts_with("number,at,account,name,action,object,outcome,address,detail\r\n1,"), "{csv}");
    let lines = iryna.get("/audit?f=ndjson&account=olena").text();
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["account"] == "olena"));
    assert_eq!(iryna.get("/audit?action=nothing").status, 400);
    server.stop();

    // Whoever alters the file is found out.
    let script = "import sqlite3,sys\n\
        file = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
        file.execute('DROP TRIGGER audit_keeps')\n\
        file.execute(\"UPDATE audit SET object = 'nobody' WHERE number = 2\")";
    let accounts = format!("{}.accounts", programme.store().display());
    assert!(other_program("python3", &["-c", script, &accounts]).unwrap().status.success());
    let server = programme.serve();
    programme.account("second", "administrator");
    let mut second = Browser::administrator(&server, "second");
    assert_eq!(second.get("/audit").json()["checked"], false);
    server.stop();
}

#[test]
fn a_configuration_that_names_persons_is_told_that_accounts_replace_them() {
    let programme = Programme::new();
    let config = programme.path("minemap.toml");
    std::fs::write(&config, "[[person]]\nid = \"olena\"\nname = \"Olena\"\n").unwrap();
    let mut command = minemap();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&config)
        .arg("--store")
        .arg(programme.store());
    let run = Run::of(&mut command);
    assert!(run.code == 2 && run.stderr.contains("minemap user add"), "{}", run.all());
}
