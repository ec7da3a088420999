//! The cookies: of the session, of the device that signed in before, and of somebody who is away at a provider.
//!
//! `__Host-` and `Secure` bind them to this server; browsers take loopback without TLS for secure (tried with
//! Chromium 156), so that one form serves everywhere.

use axum::http::{HeaderMap, HeaderValue, header};

const SESSION: &str = "__Host-minemap";
const DEVICE: &str = "__Host-minemap-device";
/// A session's longest life; the server ends it sooner.
const SESSION_S: u32 = 30 * 24 * 3_600;
/// `Lax`: whoever comes back from a provider comes from another site.
const STATE: &str = "__Host-minemap-oidc";
const STATE_S: u32 = 600;
const DEVICE_S: u32 = 365 * 24 * 3_600;

/// The session's cookie of a request.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    named(headers, SESSION)
}

/// The device's cookie of a request.
pub(crate) fn device(headers: &HeaderMap) -> Option<&str> {
    named(headers, DEVICE)
}

/// The cookie of somebody who was sent to a provider.
pub(crate) fn state(headers: &HeaderMap) -> Option<&str> {
    named(headers, STATE)
}

fn named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == wanted && !value.is_empty()).map(|(_, value)| value)
}

/// Has the browser keep both.
pub(crate) fn keep(headers: &mut HeaderMap, session: &str, device: &str) {
    set(headers, SESSION, session, SESSION_S, "Strict");
    set(headers, DEVICE, device, DEVICE_S, "Strict");
}

/// Has the browser forget the session. The device stays known.
pub(crate) fn forget(headers: &mut HeaderMap) {
    set(headers, SESSION, "", 0, "Strict");
}

/// Has the browser keep what it was sent to a provider with.
pub(crate) fn keep_state(headers: &mut HeaderMap, state: &str) {
    set(headers, STATE, state, STATE_S, "Lax");
}

/// Has the browser forget it.
pub(crate) fn forget_state(headers: &mut HeaderMap) {
    set(headers, STATE, "", 0, "Lax");
}

fn set(headers: &mut HeaderMap, name: &str, value: &str, life_s: u32, same_site: &str) {
    let text = format!("{name}={value}; Max-Age={life_s}; Path=/; Secure; HttpOnly; SameSite={same_site}");
    if let Ok(mut text) = HeaderValue::from_str(&text) {
        text.set_sensitive(true);
        headers.append(header::SET_COOKIE, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; __Host-minemap-device=d; minemap=x"));
        assert_eq!((session(&headers), device(&headers)), (None, Some("d")));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-minemap=s"));
        assert_eq!(session(&headers), Some("s"));
    }
}
