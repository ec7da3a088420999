//! Which requests only ask: they change nothing, whatever their method.

use axum::http::Method;

/// Whether a request reads only. A question may come with a body, such as a way or an outline: then it is a `POST`.
pub(crate) fn only_asks(method: &Method, path: &str) -> bool {
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => true,
        Method::POST => path.starts_with("/query/"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_with_a_body_only_ask_and_everything_else_that_is_sent_does_not() {
        assert!(only_asks(&Method::POST, "/query/route") && only_asks(&Method::GET, "/records/x"));
        assert!(!only_asks(&Method::POST, "/records/surveys") && !only_asks(&Method::PUT, "/query/route"));
        assert!(!only_asks(&Method::POST, "/imports") && !only_asks(&Method::DELETE, "/query/area"));
    }
}
