//! A register's accounts in a folder of their own, and a clock that is set by hand.

#![allow(dead_code, reason = "each test file uses its part")]

use std::net::IpAddr;
use std::path::PathBuf;

use access::{Grant, Role};
use accounts::{
    Account, Accounts, AccountsError, By, Credential, HashCost, New, Recognised, Refused, SignIn, SignedIn,
};
use jiff::{SignedDuration, Timestamp};

pub const PASSWORD: &str = "correct horse battery";
pub const BY: By<'static> = By { account: Some("root"), name: "Root", address: "192.0.2.9" };
/// Tests have no time for hashes that take long.
pub const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1 };

pub struct Bench {
    pub folder: tempfile::TempDir,
    pub accounts: Accounts,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let accounts = Accounts::open_with(&folder.path().join("a.accounts"), CHEAP).expect("opens");
        Self { folder, accounts }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("a.accounts")
    }

    /// The same file in what might be another process.
    pub fn other(&self) -> Accounts {
        Accounts::open_with(&self.file(), CHEAP).expect("opens")
    }

    pub fn make(&self, id: &str, roles: &[Role]) -> Account {
        let grants = grants(roles);
        let new = New { id, name: id, grants: &grants, password: Some(PASSWORD) };
        self.accounts.make(&new, &BY, at(0)).expect("makes").0
    }

    pub fn sign_in(&self, id: &str, now: Timestamp) -> SignedIn {
        self.accounts.sign_in(&with(id), now).expect("signs in")
    }

    /// Sets a second factor up in a session; answers its secret and the recovery codes.
    pub fn set_second_factor_up(&self, cookie: &str, now: Timestamp) -> (Vec<u8>, Vec<String>) {
        let session = self.recognised(cookie, now).session.expect("a session");
        let begun = self.accounts.begin_second_factor(&session, PASSWORD, now).expect("begins");
        let secret = from_base32(&begun.secret);
        let codes = self.accounts.confirm_second_factor(&session, &code(&secret, now), &BY, now);
        (secret, codes.expect("confirms"))
    }

    pub fn recognised(&self, cookie: &str, now: Timestamp) -> Recognised {
        self.accounts.caller(Credential::Session(cookie), now).expect("recognised")
    }

    pub fn is_ended(&self, cookie: &str, now: Timestamp) -> bool {
        matches!(self.accounts.caller(Credential::Session(cookie), now), Err(Refused::SessionEnded))
    }
}

pub fn grants(roles: &[Role]) -> Vec<Grant> {
    let grant = |role: &Role| Grant { role: *role, organisation: Some("dsns".to_owned()), area: None };
    roles.iter().map(grant).collect()
}

pub fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
    start + SignedDuration::from_mins(minutes)
}

pub fn address(last: u8) -> IpAddr {
    IpAddr::from([198, 51, 100, last])
}

pub fn with(account: &str) -> SignIn<'_> {
    SignIn { account, password: PASSWORD, code: None, device: None, address: address(1), agent: "tests" }
}

pub fn is_too_many<T>(done: &Result<T, AccountsError>) -> bool {
    matches!(done, Err(AccountsError::TooManyTries { retry_after_s: 1.. }))
}

/// The code an authenticator app shows; an implementation of its own, by OpenSSL.
pub fn code(secret: &[u8], now: Timestamp) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let step = (now.as_second() / 30).to_be_bytes();
    let key = format!("hexkey:{}", hex(secret));
    let mut command = std::process::Command::new("openssl");
    command.args(["dgst", "-sha1", "-mac", "HMAC", "-macopt", &key, "-binary"]);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), step).expect("written");
    let hash = command.arg(file.path()).output().expect("openssl").stdout;
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

pub fn from_base32(text: &str) -> Vec<u8> {
    let bits: String = text
        .bytes()
        .map(|letter| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|l| l == letter).expect("a letter"))
        .map(|value| format!("{value:05b}"))
        .collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("digits"), 2).expect("a byte"))
        .collect()
}
