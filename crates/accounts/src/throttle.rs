//! How often somebody may try to sign in.
//!
//! A *known device* is one that signed in to the account before: its browser holds a random cookie. It has a measure
//! of its own, so that nobody else can use it up. Every other try is measured by its network address and, together
//! with all other unknown devices, by its account. So whoever guesses at an account from anywhere may delay its owner
//! on a new device, but never on one that he has signed in from before.
//!
//! A measure is ten tries, one more every six seconds; that time doubles with every ten failures in a row, up to an
//! hour. What a right password took is given back. Kept in memory: a restart forgets it.

use std::collections::HashMap;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::AccountsError;

/// Tries at once.
const TRIES: f64 = 10.0;
/// Seconds until one more.
const EVERY_S: f64 = 6.0;
/// Most seconds until one more.
const EVERY_S_MAX: f64 = 3_600.0;
/// Failures in a row until that time doubles.
const FAILURES_TO_DOUBLE: u32 = 10;
/// Most measures that are kept; when they are all in use, new ones share one.
const MEASURES_MAX: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Device([u8; 32]),
    Address(IpAddr),
    Account(String),
    Shared,
}

impl Key {
    /// A network: of IPv6 the half that one subscriber has.
    pub fn address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => {
                let network = u128::from(v6) >> 64 << 64;
                Self::Address(IpAddr::V6(network.into()))
            }
            v4 @ IpAddr::V4(_) => Self::Address(v4),
        }
    }

    /// Whether failures in a row make it slower: not for an address, which an office of many people may share.
    fn slows_down(&self) -> bool {
        matches!(self, Self::Device(_) | Self::Account(_))
    }
}

struct Measure {
    left: f64,
    failures: u32,
    at: Timestamp,
}

impl Measure {
    fn new(now: Timestamp) -> Self {
        Self { left: TRIES, failures: 0, at: now }
    }

    fn every_s(&self) -> f64 {
        let doubled = (self.failures / FAILURES_TO_DOUBLE).min(20);
        (EVERY_S * f64::from(1_u32 << doubled)).min(EVERY_S_MAX)
    }

    fn refill(&mut self, now: Timestamp) {
        let passed_s = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.left = (self.left + passed_s / self.every_s()).min(TRIES);
        self.at = now;
        if self.left >= TRIES {
            self.failures = 0;
        }
    }

    fn wait_s(&self) -> u64 {
        ((1.0 - self.left) * self.every_s()).ceil().max(1.0) as u64
    }
}

/// The measures.
#[derive(Default)]
pub(crate) struct Throttle(HashMap<Key, Measure>);

impl Throttle {
    /// Takes a try of each key, or of none.
    ///
    /// # Errors
    /// One of them has none left.
    pub fn take(&mut self, keys: &mut [Key], now: Timestamp) -> Result<(), AccountsError> {
        self.make_room(keys, now);
        let mut wait_s = 0;
        for key in keys.iter() {
            let measure = self.0.entry(key.clone()).or_insert_with(|| Measure::new(now));
            measure.refill(now);
            if measure.left < 1.0 {
                wait_s = wait_s.max(measure.wait_s());
            }
        }
        if wait_s > 0 {
            return Err(AccountsError::TooManyTries { retry_after_s: wait_s });
        }
        for key in keys.iter() {
            self.0.entry(key.clone()).and_modify(|measure| measure.left -= 1.0);
        }
        Ok(())
    }

    /// The try failed.
    pub fn failed(&mut self, keys: &[Key]) {
        for key in keys.iter().filter(|key| key.slows_down()) {
            if let Some(measure) = self.0.get_mut(key) {
                measure.failures = measure.failures.saturating_add(1);
            }
        }
    }

    /// The try was none that counts: nobody looked, or half of the proof was right.
    pub fn give_back(&mut self, keys: &[Key]) {
        for key in keys {
            if let Some(measure) = self.0.get_mut(key) {
                measure.left = (measure.left + 1.0).min(TRIES);
            }
        }
    }

    /// The try was right. An account's own measure is not made full: guessers share it.
    pub fn right(&mut self, keys: &[Key]) {
        self.give_back(keys);
        for key in keys.iter().filter(|key| matches!(key, Key::Device(_))) {
            self.0.remove(key);
        }
    }

    fn make_room(&mut self, keys: &mut [Key], now: Timestamp) {
        if self.0.len() < MEASURES_MAX {
            return;
        }
        self.0.retain(|_, measure| {
            measure.refill(now);
            measure.left < TRIES
        });
        if self.0.len() >= MEASURES_MAX {
            keys.iter_mut().filter(|key| !self.0.contains_key(key)).for_each(|key| *key = Key::Shared);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("a time")
    }

    fn account() -> [Key; 1] {
        [Key::Account("olena".to_owned())]
    }

    #[test]
    fn ten_tries_then_one_every_six_seconds_then_ever_fewer() {
        let mut throttle = Throttle::default();
        let mut fails = |second| {
            let taken = throttle.take(&mut account(), at(second));
            taken.inspect(|()| throttle.failed(&account()))
        };
        for _ in 0..10 {
            assert!(fails(0).is_ok());
        }
        // Ten failures in a row: twelve seconds instead of six.
        assert!(matches!(fails(0), Err(AccountsError::TooManyTries { retry_after_s: 12 })));
        assert!(fails(11).is_err() && fails(12).is_ok() && fails(13).is_err());
        let done = (13..86_400).filter(|second| fails(*second).is_ok()).count();
        assert!(done < 100, "{done} tries in a day");
    }

    #[test]
    fn guesses_at_an_account_leave_a_known_device_and_other_addresses_alone() {
        let mut throttle = Throttle::default();
        let address = |last| Key::address(IpAddr::from([198, 51, 100, last]));
        for last in 0..200 {
            let mut keys = [address(last), account()[0].clone()];
            if throttle.take(&mut keys, at(0)).is_ok() {
                throttle.failed(&keys);
            }
        }
        assert!(throttle.take(&mut account(), at(0)).is_err());
        assert!(throttle.take(&mut [Key::Device([1; 32])], at(0)).is_ok());
        assert!(throttle.take(&mut [address(201)], at(0)).is_ok());
    }

    #[test]
    fn an_address_is_a_subscriber() {
        let key = |text: &str| Key::address(text.parse().expect("an address"));
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[test]
    fn what_a_right_password_took_is_given_back() {
        let mut throttle = Throttle::default();
        for _ in 0..100 {
            let mut keys = [Key::address(IpAddr::from([192, 0, 2, 1]))];
            throttle.take(&mut keys, at(0)).expect("a try");
            throttle.right(&keys);
        }
    }
}
