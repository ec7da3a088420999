//! Somebody at a browser: cookies, a second factor, and an office of three to be in.

use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, Programme, Server, other_program};

pub const PAGE: (&str, &str) = ("minemap-request", "1");

/// Somebody at a browser.
pub struct Browser<'s> {
    server: &'s Server,
    cookies: Vec<(String, String)>,
    /// The code by which the second factor was set up.
    pub used_code: String,
}

impl<'s> Browser<'s> {
    pub fn new(server: &'s Server) -> Self {
        Self { server, cookies: Vec::new(), used_code: String::new() }
    }

    pub fn signed_in(server: &'s Server, account: &str) -> Self {
        let mut browser = Self::new(server);
        let answer = browser.sign_in(account, PASSWORD, None);
        assert_eq!(answer.status, 200, "{}", answer.text());
        browser
    }

    pub fn sign_in(&mut self, account: &str, password: &str, code: Option<&str>) -> Answer {
        self.send("POST", "/session", &json!({"account": account, "password": password, "code": code}))
    }

    pub fn cookie(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub fn send(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        self.send_with(method, path, &[PAGE], body)
    }

    pub fn send_with(&mut self, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let (cookie, body) = (self.cookie(), if body.is_null() { String::new() } else { body.to_string() });
        let headers: Vec<_> = [("cookie", cookie.as_str())].iter().chain(more).copied().collect();
        let answer = self.server.send(method, path, &headers, &body);
        for line in answer.cookies.iter().map(|line| line.split(';').next().unwrap()) {
            let (name, value) = line.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send_with("GET", path, &[], &Value::Null)
    }

    pub fn session(&mut self) -> Value {
        self.get("/session").json()
    }

    /// Sets a second factor up; answers its secret and the recovery codes.
    pub fn set_second_factor_up(&mut self) -> (String, Vec<String>) {
        let begun = self.send("POST", "/account/second-factor", &json!({"password": PASSWORD}));
        assert_eq!(begun.status, 200, "{}", begun.text());
        let secret = begun.json()["secret"].as_str().unwrap().to_owned();
        self.used_code = code(&secret);
        let confirmed = self.send("PUT", "/account/second-factor", &json!({"code": self.used_code}));
        assert_eq!(confirmed.status, 200, "{}", confirmed.text());
        let codes = confirmed.json()["recovery_codes"].as_array().unwrap().clone();
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// A browser of an administrator whose second factor is set up.
    pub fn administrator(server: &'s Server, account: &str) -> Self {
        let mut browser = Self::signed_in(server, account);
        browser.set_second_factor_up();
        browser
    }
}

/// What an authenticator app shows now, by Python's own HMAC.
fn code(secret: &str) -> String {
    let script = "import base64,hmac,struct,sys,time\n\
        key = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))\n\
        hash = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), 'sha1').digest()\n\
        at = hash[19] & 15\n\
        print('%06d' % ((struct.unpack('>I', hash[at:at+4])[0] & 0x7fffffff) % 1000000))";
    let output =
        other_program("python3", &["-c", script, secret]).expect("Python is part of the test set-up");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub fn kind(answer: &Answer) -> String {
    let body = answer.json();
    body["type"].as_str().unwrap_or("").rsplit(':').next().unwrap().to_owned()
}

/// A programme with an administrator, somebody who enters data, and an approver.
pub fn office() -> (Programme, Server) {
    let programme = Programme::with_demo(20);
    programme.account("iryna", "administrator");
    programme.account("olena", "data_entry");
    programme.account("taras", "approver");
    let server = programme.serve();
    (programme, server)
}
