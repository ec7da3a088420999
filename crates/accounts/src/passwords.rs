//! Passwords: which are accepted, and how they are hashed.

use std::sync::{Condvar, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::common::is_common;
use crate::{Accounts, AccountsError, random};

/// Fewest characters of a password.
const CHARACTERS_MIN: usize = 12;
/// Most characters of a password; all of them count.
const CHARACTERS_MAX: usize = 256;
/// Most passwords hashed at the same time: each takes memory (ASVS 5.0, 15.1.3).
const AT_ONCE_MAX: usize = 4;
/// How long a sign-in waits for its turn.
const WAIT: Duration = Duration::from_secs(3);
/// How long a hash should take.
const TAKES: Duration = Duration::from_millis(250);
/// Most passes that calibration settles on, whatever the machine.
const PASSES_MAX: u32 = 24;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl HashCost {
    /// The least that is used: that of the OWASP Password Storage Cheat Sheet for argon2id.
    pub const LEAST: Self = Self { memory_kib: 19_456, passes: 2 };

    fn argon2(self) -> Result<Argon2<'static>, AccountsError> {
        let params = Params::new(self.memory_kib, self.passes, 1, None);
        let params = params.map_err(|error| AccountsError::Hash(error.into()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// Whether a stored hash cost much less than this: differences of measuring are no reason to hash again.
    fn is_much_more_than(self, stored: &PasswordHash) -> bool {
        let Ok(params) = Params::try_from(stored) else { return true };
        let stored = Self { memory_kib: params.m_cost(), passes: params.t_cost() };
        stored.work() * 4 < self.work() * 3
    }
}

/// What a password check found.
pub(crate) enum Verdict {
    Right,
    /// Right, and the hash is to be replaced by this one.
    RightRehashed(String),
    Wrong,
}

/// Hashes passwords, not too many at once.
pub(crate) struct Passwords {
    cost: RwLock<HashCost>,
    /// Checked where there is no hash to check, so that an unknown account takes as long as a known one.
    dummy: RwLock<String>,
    turns: Turns,
}

impl Passwords {
    pub fn new(cost: HashCost) -> Result<Self, AccountsError> {
        let dummy = RwLock::new(dummy(cost)?);
        Ok(Self { cost: RwLock::new(cost), dummy, turns: Turns::default() })
    }

    fn cost(&self) -> HashCost {
        *self.cost.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises the cost until a hash takes about [`TAKES`] on this machine.
    pub fn calibrate(&self) -> Result<(HashCost, Duration), AccountsError> {
        let least = HashCost::LEAST;
        // The fastest of three: the machine has other work too.
        let mut took = Duration::MAX;
        for _ in 0..3 {
            let began = Instant::now();
            least.argon2()?.hash_password(b"how long does it take").map_err(AccountsError::Hash)?;
            took = took.min(began.elapsed()).max(Duration::from_millis(1));
        }
        let passes = f64::from(least.passes) * TAKES.as_secs_f64() / took.as_secs_f64();
        let passes = (passes as u32).clamp(least.passes, PASSES_MAX);
        let cost = HashCost { passes, ..least };
        let dummy = dummy(cost)?;
        *self.dummy.write().unwrap_or_else(PoisonError::into_inner) = dummy;
        *self.cost.write().unwrap_or_else(PoisonError::into_inner) = cost;
        Ok((cost, took * passes / least.passes))
    }

    pub fn hash(&self, password: &str) -> Result<String, AccountsError> {
        let argon2 = self.cost().argon2()?;
        let _turn = self.turns.take()?;
        Ok(argon2.hash_password(password.as_bytes()).map_err(AccountsError::Hash)?.to_string())
    }

    /// Checks a password; takes as long where there is no hash.
    pub fn check(&self, password: &str, stored: Option<&str>) -> Result<Verdict, AccountsError> {
        let dummy = self.dummy.read().unwrap_or_else(PoisonError::into_inner).clone();
        let hash =
            PasswordHash::new(stored.unwrap_or(&dummy)).map_err(|error| AccountsError::Hash(error.into()))?;
        let is_right = {
            let _turn = self.turns.take()?;
            self.cost().argon2()?.verify_password(password.as_bytes(), &hash).is_ok()
        };
        match (is_right, stored) {
            (true, Some(_)) if self.cost().is_much_more_than(&hash) => {
                Ok(Verdict::RightRehashed(self.hash(password)?))
            }
            (true, Some(_)) => Ok(Verdict::Right),
            (true, None) | (false, _) => Ok(Verdict::Wrong),
        }
    }
}

/// The hash of a password that nobody knows.
fn dummy(cost: HashCost) -> Result<String, AccountsError> {
    let password = random::secret_text()?;
    Ok(cost.argon2()?.hash_password(password.as_bytes()).map_err(AccountsError::Hash)?.to_string())
}

/// Places for those who hash at the same time.
#[derive(Default)]
struct Turns {
    taken: Mutex<usize>,
    given_back: Condvar,
}

struct Turn<'a>(&'a Turns);

impl Turns {
    fn take(&self) -> Result<Turn<'_>, AccountsError> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.given_back.wait_timeout_while(taken, WAIT, |taken| *taken >= AT_ONCE_MAX);
        let (mut taken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() && *taken >= AT_ONCE_MAX {
            return Err(AccountsError::Busy);
        }
        *taken += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.given_back.notify_one();
    }
}

/// Whether a password is accepted for an account.
///
/// # Errors
/// It is too short, too long, one of the commonest, or holds the account's identifier.
pub(crate) fn checked(password: &str, account: &str) -> Result<(), AccountsError> {
    let bad = |why: String| Err(AccountsError::BadPassword(why));
    let characters = password.chars().count();
    if !(CHARACTERS_MIN..=CHARACTERS_MAX).contains(&characters) {
        let why = format!(
            "a password has {CHARACTERS_MIN} to {CHARACTERS_MAX} characters; this one has {characters}"
        );
        return bad(why);
    }
    let (small, own) = (password.to_lowercase(), account.split('@').next().unwrap_or(account));
    if own.len() >= 3 && small.contains(own) {
        return bad("the password holds the identifier of the account".to_owned());
    }
    if is_common(&small) {
        return bad(
            "the password is one of the commonest: a few words that do not belong together are better"
                .to_owned(),
        );
    }
    Ok(())
}

impl Accounts {
    /// The hash of a password that somebody chose, where it is accepted.
    pub(crate) fn accepted_hash(&self, password: &str, account: &str) -> Result<String, AccountsError> {
        checked(password, account)?;
        self.passwords.hash(password)
    }

    /// Raises the cost of hashes until one takes about a quarter of a second here. Answers the cost and the time.
    ///
    /// # Errors
    /// A hash cannot be made.
    pub fn calibrate(&self) -> Result<(HashCost, Duration), AccountsError> {
        self.passwords.calibrate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1 };

    #[test]
    fn a_password_is_long_enough_not_common_and_not_the_account() {
        assert!(checked("correct horse battery", "olena").is_ok());
        assert!(checked(&"ї9k".repeat(85), "olena").is_err(), "a repeated group");
        for bad in ["short-pass1", "Olena-likes-tea", "Password1234!", "qwertyuiop123", "111111111111"] {
            assert!(checked(bad, "olena").is_err(), "{bad}");
        }
        assert!(checked(&"a b c d e f ".repeat(22), "olena").is_err(), "too long");
        assert!(checked("anna goes far away", "anna.k@dsns").is_ok());
        assert!(checked("x anna.k x goes far", "anna.k@dsns").is_err());
    }

    #[test]
    fn a_hash_is_argon2id_of_the_promised_cost_and_is_renewed_when_the_cost_grew_much() {
        let passwords = Passwords::new(CHEAP).expect("makes");
        let hash = passwords.hash("correct horse battery").expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(matches!(passwords.check("correct horse battery", Some(&hash)), Ok(Verdict::Right)));
        assert!(matches!(passwords.check("correct horse batters", Some(&hash)), Ok(Verdict::Wrong)));
        assert!(matches!(passwords.check("correct horse battery", None), Ok(Verdict::Wrong)));
        let dearer = Passwords::new(HashCost { passes: 2, ..CHEAP }).expect("makes");
        let renewed = dearer.check("correct horse battery", Some(&hash));
        assert!(matches!(renewed, Ok(Verdict::RightRehashed(hash)) if hash.contains("t=2")));
    }

    #[test]
    fn all_characters_of_a_long_password_count() {
        let passwords = Passwords::new(CHEAP).expect("makes");
        let long: String = (0..255).map(|at| char::from(b'a' + (at * 7 % 26) as u8)).collect();
        let hash = passwords.hash(&format!("{long}x")).expect("hashes");
        assert!(matches!(passwords.check(&format!("{long}y"), Some(&hash)), Ok(Verdict::Wrong)));
    }

    #[test]
    fn no_more_than_four_hash_at_the_same_time() {
        let turns = Turns::default();
        let held: Vec<_> = (0..AT_ONCE_MAX).map(|_| turns.take().expect("a place")).collect();
        assert!(matches!(turns.take(), Err(AccountsError::Busy)));
        drop(held);
        assert!(turns.take().is_ok());
    }
}
