//! Accounts for tests, made by the program's own command, and requests in their names.

use serde_json::Value;

use crate::harness::{Answer, PASSWORD, Programme, Server};

/// The holder of an account, with a token that may do whatever the account may.
pub struct Person {
    pub token: String,
}

impl Person {
    /// Makes an account with the tests' password; `organisation` is all where there is none.
    pub fn make(programme: &Programme, id: &str, role: &str, organisation: Option<&str>) -> Self {
        let mut arguments = vec!["add", id, "--name", id, "--role", role, "--password-stdin"];
        if let Some(organisation) = organisation {
            arguments.extend(["--organisation", organisation]);
        }
        let run = programme.user(&arguments, PASSWORD);
        assert_eq!(run.code, 0, "{}", run.all());
        Self { token: programme.token(id) }
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
