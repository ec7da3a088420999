//! Signing in with a provider, against somebody else's certified implementation of one.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Programme, Server, other_program};

/// The two providers; `None`, said aloud, where they cannot be had.
struct Providers {
    child: Child,
    urls: [String; 2],
    /// Held open: a program whose output nobody takes ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Providers {
    fn start(redirect: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oidc");
        if !folder.join("node_modules/oidc-provider").exists() {
            let folder = folder.to_str().unwrap();
            let installed =
                other_program("npm", &["ci", "--no-audit", "--no-fund", "--silent", "--prefix", folder])?;
            if !installed.status.success() {
                eprintln!(
                    "SKIPPED: oidc-provider cannot be installed: nothing is known of signing in with a provider"
                );
                return None;
            }
        }
        let mut command = Command::new("node");
        command.arg("provider.mjs").arg(redirect).current_dir(folder);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready =
            lines.by_ref().find_map(|line| line.unwrap().strip_prefix("ready ").map(str::to_owned)).unwrap();
        let (one, two) = ready.split_once(' ').unwrap();
        Some(Self { child, urls: [one.to_owned(), two.to_owned()], _output: lines })
    }
}

impl Drop for Providers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser that goes where it is sent, with the cookies of each place.
struct Walker {
    agent: ureq::Agent,
    cookies: HashMap<String, HashMap<String, String>>,
}

impl Walker {
    fn new() -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { agent, cookies: HashMap::new() }
    }

    fn place(url: &str) -> String {
        url.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// One step: the status, and where it leads.
    fn step(&mut self, url: &str) -> (u16, Option<String>, Value) {
        let place = Self::place(url);
        let jar = self.cookies.entry(place.clone()).or_default();
        let line: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut response = self.agent.get(url).header("cookie", line.join("; ")).call().unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => drop(jar.remove(name)),
                value => drop(jar.insert(name.to_owned(), value.to_owned())),
            }
        }
        let next = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let next = next.map(|to| if to.starts_with('/') { format!("{place}{to}") } else { to });
        let body = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), next, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// Goes on until nothing leads further, or an address ends the walk. Answers the last address.
    fn walk(&mut self, from: &str, ends: impl Fn(&str) -> bool) -> String {
        let mut url = from.to_owned();
        for _ in 0..20 {
            if ends(&url) {
                return url;
            }
            let (status, next, body) = self.step(&url);
            let Some(next) = next else {
                assert!(status < 400, "{url}: {status} {body}");
                return url;
            };
            url = next;
        }
        panic!("led in circles to {url}");
    }
}

struct Office {
    server: Server,
    providers: Providers,
    _programme: Programme,
}

impl Office {
    fn open() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("http://127.0.0.1:{port}");
        let providers = Providers::start(&format!("{address}/session/oidc/ISSUER/return"))?;
        let programme = Programme::new();
        programme.account("iryna", "administrator");
        let mut config = String::new();
        for (id, url) in ["one", "two"].iter().zip(&providers.urls) {
            std::fs::write(programme.path(id), format!("secret of {id}\n")).unwrap();
            config += &format!(
                "[[issuer]]\nid = {id:?}\nname = \"Provider {id}\"\nurl = {url:?}\nclient_id = \"minemap\"\n\
                 client_secret_file = {id:?}\naddress = {address:?}\nscopes = [\"groups\"]\n\
                 [[issuer.grant]]\ngroup = \"field\"\nto = {{ role = \"data_entry\", organisation = \"dsns\" }}\n\
                 [[issuer.grant]]\ngroup = \"office\"\nto = {{ role = \"approver\" }}\n"
            );
        }
        let file = programme.path("minemap.toml");
        std::fs::write(&file, config).unwrap();
        let more = ["--config", file.to_str().unwrap()];
        let server = Server::start_at(&programme.store(), &format!("127.0.0.1:{port}"), &more);
        Some(Self { server, providers, _programme: programme })
    }

    /// Whom the providers sign in from now on.
    fn next(&self, person: &Value) {
        let text: String = person.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert_eq!(Walker::new().step(&format!("{}/next?person={text}", self.providers.urls[0])).0, 200);
    }

    fn start(&self, issuer: &str) -> String {
        format!("{}/session/oidc/{issuer}", self.server.url)
    }

    fn session(&self, walker: &mut Walker) -> Value {
        walker.step(&format!("{}/session", self.server.url)).2
    }

    fn failed(&self) -> String {
        format!("{}/#sign-in=failed", self.server.url)
    }
}

#[test]
fn a_provider_signs_people_in_and_their_groups_have_what_the_configuration_says_and_no_more() {
    let Some(office) = Office::open() else { return };
    let listed = office.server.json("/session")["issuers"].clone();
    assert_eq!(listed, json!([{"id": "one", "name": "Provider one"}, {"id": "two", "name": "Provider two"}]));

    office.next(&json!({"sub": "17", "name": "Olena", "groups": ["field", "office", "administrators"]}));
    let mut olena = Walker::new();
    assert_eq!(olena.walk(&office.start("one"), |_| false), format!("{}/", office.server.url));
    let session = office.session(&mut olena);
    assert_eq!(session["account"]["name"], "Olena", "{session}");
    let roles = |session: &Value| {
        let grants = session["account"]["grants"].as_array().unwrap().clone();
        grants.iter().map(|grant| grant["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(roles(&session), ["data_entry", "approver"]);
    let rights = |session: &Value, right: &str| session["rights"].as_array().unwrap().contains(&json!(right));
    assert!(rights(&session, "write") && !rights(&session, "approve"), "no second factor was asked for");

    office.next(&json!({"sub": "17", "name": "Olena", "groups": ["office"], "amr": ["pwd", "otp"]}));
    let mut again = Walker::new();
    again.walk(&office.start("one"), |_| false);
    let proven = office.session(&mut again);
    assert_eq!(proven["account"]["id"], session["account"]["id"], "the same person");
    assert!(rights(&proven, "approve"), "{proven}");
    assert_eq!(
        roles(&office.session(&mut olena)),
        ["approver"],
        "what a group lost is lost in every session"
    );

    let mut elsewhere = Walker::new();
    elsewhere.walk(&office.start("two"), |_| false);
    let other = office.session(&mut elsewhere);
    assert_ne!(
        other["account"]["id"], session["account"]["id"],
        "the same number at another provider is another person"
    );
    office.server.stop();
}

#[test]
fn a_return_that_nobody_was_sent_for_signs_nobody_in() {
    let Some(office) = Office::open() else { return };
    office.next(&json!({"sub": "17", "name": "Olena", "groups": ["field"]}));
    let is_return = |url: &str| url.contains("/return?");
    let mut olena = Walker::new();
    let back = olena.walk(&office.start("one"), is_return);
    // A link that somebody else opens: his browser was not sent.
    assert_eq!(Walker::new().walk(&back, |url| url.contains('#')), office.failed());
    // A code of one provider shown as the other's.
    assert_eq!(
        olena.walk(&back.replace("/oidc/one/", "/oidc/two/"), |url| url.contains('#')),
        office.failed()
    );
    // The state is used up by now: the right return comes too late.
    assert_eq!(olena.walk(&back, |url| url.contains('#')), office.failed());

    let mut olena = Walker::new();
    let back = olena.walk(&office.start("one"), is_return);
    let other_issuer = format!("{}&iss=http%3A%2F%2F127.0.0.1%3A1", back.split("&iss=").next().unwrap());
    assert_eq!(olena.clone_of().walk(&other_issuer, |url| url.contains('#')), office.failed());
    let wrong_code = back.replacen("code=", "code=x", 1);
    assert_eq!(olena.walk(&wrong_code, |url| url.contains('#')), office.failed());
    assert_eq!(office.session(&mut olena)["account"], Value::Null);
    drop(office);
}

impl Walker {
    /// The same browser a moment before.
    fn clone_of(&self) -> Self {
        Self { agent: self.agent.clone(), cookies: self.cookies.clone() }
    }
}
