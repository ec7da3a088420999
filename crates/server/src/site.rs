//! Which pages may ask: this server's own, and under which names it answers.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::asks::only_asks;
use crate::problem::Problem;

/// A page of another site cannot send this header with the cookie: browsers ask the server first, and it says no.
const OWN_PAGE: HeaderName = HeaderName::from_static("minemap-request");

/// A page of another site, opened in somebody's browser, could write here with his cookie, or with a token that the
/// browser keeps as a password: browsers say where it is from, and let no other site send our header.
pub(crate) fn refuse_other_sites(
    (method, path): (&Method, &str),
    headers: &HeaderMap,
    has_cookie: bool,
) -> Result<(), Problem> {
    if only_asks(method, path) {
        return Ok(());
    }
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let is_own = |origin: &HeaderValue| {
        let own =
            origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, own)| own.as_bytes());
        own.is_some() && own == host
    };
    if headers.get(header::ORIGIN).is_some_and(|origin| !is_own(origin)) {
        let detail = "the page that asks is not this server's own; programs send no Origin header";
        return Err(Problem::forbidden("another-site", detail));
    }
    if has_cookie && !headers.contains_key(OWN_PAGE) {
        let detail =
            "a request that changes something and comes with the cookie needs the header Minemap-Request: 1";
        return Err(Problem::forbidden("another-site", detail));
    }
    Ok(())
}

/// A register without accounts answers this machine only: a name of another site that was made to point here (DNS
/// rebinding) is told by the `Host` header.
pub(crate) fn refuse_other_hosts(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    if is_loopback(host) {
        return Ok(());
    }
    let detail = "this register has no accounts yet: it answers under localhost, 127.0.0.1 and [::1] only";
    Err(Problem::of(StatusCode::MISDIRECTED_REQUEST, "wrong-host", "Wrong host", detail))
}

fn is_loopback(host: &str) -> bool {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        Some(_) | None => host,
    };
    let address = bare.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    bare.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback_hosts() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.org", "localhost.example.org", "127.0.0.1.example.org:80", "10.0.0.1", "[::2]:1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_request_with_a_cookie_that_changes_something_says_that_it_is_the_page() {
        let refused = |method: Method, pairs: &[(HeaderName, &str)], has_cookie| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("map.example.org"));
            for (name, value) in pairs {
                headers.insert(name.clone(), HeaderValue::from_str(value).expect("a value"));
            }
            refuse_other_sites((&method, "/records/surveys"), &headers, has_cookie).is_err()
        };
        let page = (OWN_PAGE, "1");
        let origin = |text| (header::ORIGIN, text);
        assert!(!refused(Method::GET, &[], true) && refused(Method::POST, &[], true));
        assert!(
            !refused(Method::POST, std::slice::from_ref(&page), true) && !refused(Method::POST, &[], false)
        );
        assert!(!refused(Method::DELETE, &[page.clone(), origin("https://map.example.org")], true));
        for other in ["https://other.example.org", "null", ""] {
            assert!(refused(Method::DELETE, &[page.clone(), origin(other)], true), "{other}");
            assert!(refused(Method::POST, &[origin(other)], false), "{other}");
        }
    }
}
