//! Accounts for tests, made by the program's own command, and requests in their names.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Answer, Programme, Run, Server, minemap};

/// The holder of an account, with a token that may do whatever the account may.
pub struct Person {
    pub id: String,
    pub token: String,
}

impl Person {
    /// Makes an account; `organisation` is all where there is none.
    pub fn make(programme: &Programme, id: &str, role: &str, organisation: Option<&str>) -> Self {
        let mut command = user(&programme.store(), "add");
        command.args([id, "--name", id, "--role", role]);
        if let Some(organisation) = organisation {
            command.args(["--organisation", organisation]);
        }
        let run = Run::of(&mut command);
        assert_eq!(run.code, 0, "{}", run.all());
        let token = token(&programme.store(), id, &["--access", "write", "--levels", "all"]);
        Self { id: id.to_owned(), token }
    }

    /// The header that says who asks.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    pub fn get(&self, server: &Server, path: &str) -> Answer {
        server.ask(path, &[("authorization", &self.bearer())])
    }

    pub fn send(
        &self,
        server: &Server,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let bearer = self.bearer();
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend_from_slice(more);
        server.send(method, path, &headers, &body.to_string())
    }
}

/// A token of an account, as the command shows it once.
pub fn token(store: &Path, id: &str, more: &[&str]) -> String {
    let mut command = user(store, "token");
    let run = Run::of(command.args([id, "--name", "test"]).args(more));
    assert_eq!(run.code, 0, "{}", run.all());
    let word = run.stdout.split_whitespace().find(|word| word.starts_with("minemap_"));
    word.unwrap_or_else(|| panic!("no token: {}", run.all())).to_owned()
}

/// `minemap user WHAT` on a store.
pub fn user(store: &Path, what: &str) -> Command {
    let mut command = minemap();
    command.args(["user", what, "--store"]).arg(store).stdin(Stdio::null());
    command
}
