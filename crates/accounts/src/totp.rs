//! One-time codes by the clock (RFC 6238 over RFC 4226): SHA-1, 30 s, six digits, as every authenticator app has them.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::random::base32;

/// Seconds of one step.
const STEP_S: i64 = 30;
/// Steps that a clock may be off, either way.
const STEPS_OFF: i64 = 1;

/// The step of a time.
fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_S)
}

/// The code of a step (RFC 4226, 5.3).
fn code(secret: &[u8], step: i64) -> u32 {
    // A key of any length is taken: longer ones are hashed (RFC 2104).
    let Ok(mut hmac) = <Hmac<Sha1> as Mac>::new_from_slice(secret) else { return u32::MAX };
    hmac.update(&step.to_be_bytes());
    let hash = hmac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
    (number & 0x7fff_ffff) % 1_000_000
}

/// The step whose code it is, about now and after the last one that was used: a code is good once.
pub(crate) fn step_of(secret: &[u8], given: &str, now: Timestamp, last_used: i64) -> Option<i64> {
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let mut steps = (-STEPS_OFF..=STEPS_OFF).map(|off| step(now) + off).filter(|step| *step > last_used);
    let is_its =
        |step: &i64| bool::from(format!("{:06}", code(secret, *step)).as_bytes().ct_eq(given.as_bytes()));
    steps.rfind(is_its)
}

/// The address by which an authenticator app takes a secret over.
pub(crate) fn uri(secret: &[u8], account: &str) -> String {
    let account = account.replace('@', "%40");
    format!(
        "otpauth://totp/minemap:{account}?secret={}&issuer=minemap&algorithm=SHA1&digits=6&period={STEP_S}",
        base32(secret)
    )
}

/// The code that an app shows, for tests of those who use this crate.
#[cfg(test)]
pub(crate) fn shown(secret: &[u8], now: Timestamp) -> String {
    format!("{:06}", code(secret, step(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let table = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (second, code) in table {
            assert_eq!(shown(SECRET, at(second)), code);
            assert!(step_of(SECRET, code, at(second), 0).is_some());
        }
    }

    #[test]
    fn a_code_is_good_a_step_early_or_late_and_only_once() {
        let now = at(1_234_567_890);
        for (off, is_good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let code = shown(SECRET, at(1_234_567_890 + off));
            assert_eq!(step_of(SECRET, &code, now, 0).is_some(), is_good, "{off}");
        }
        let code = shown(SECRET, now);
        let used = step_of(SECRET, &code, now, 0).expect("good");
        assert_eq!(step_of(SECRET, &code, now, used), None);
        assert!(step_of(SECRET, "005 924", now, 0).is_some());
        assert!(["", "5924", "0059240", "00592x"].iter().all(|bad| step_of(SECRET, bad, now, 0).is_none()));
    }
}
