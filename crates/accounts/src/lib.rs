//! The accounts of a register, in a file of their own beside it: who there is, what each was granted, sessions, tokens,
//! second factors, and the audit trail.
//!
//! [`Accounts::caller`] is the one way from what somebody shows to an [`access::Caller`]. Every time is a parameter.
//! A command in another process may change the file while a server runs: it takes effect with the next request.

mod account;
mod administration;
mod audit;
mod common;
mod error;
mod note_later;
mod passwords;
mod random;
mod recognise;
mod second_factor;
mod session;
mod setup;
mod sign_in;
mod store;
mod throttle;
mod tokens;
mod told;
mod totp;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use access::Secret;

pub use account::Account;
pub use administration::{Change, FirstPassword, New};
pub use audit::{Action, AuditChecked, By, Entry, Filter, Noted, Outcome};
pub use error::AccountsError;
pub use passwords::HashCost;
pub use recognise::{Credential, Mode, Recognised, Refused};
pub use second_factor::SecondFactorBegun;
pub use session::Session;
pub use setup::Setup;
pub use sign_in::{SignIn, SignedIn};
pub use tokens::{NewToken, Token, TokenAccess, TokenLevels};
pub use told::Told;

/// The accounts of a register.
pub struct Accounts {
    store: Arc<store::Store>,
    passwords: passwords::Passwords,
    throttle: Mutex<throttle::Throttle>,
    cache: Mutex<recognise::Cache>,
    setup: Mutex<Option<setup::Waiting>>,
    had_administrator: AtomicBool,
    later: note_later::Later,
    secret: [u8; 32],
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    /// The file of the accounts of a register: its name with `.accounts` behind it.
    pub fn file_beside(register: &Path) -> PathBuf {
        store::beside(register)
    }

    /// Opens the accounts, and makes the file (for its owner only) where there is none.
    ///
    /// # Errors
    /// The file is something else, was written by a newer version, or can be read by others; the machine failed.
    pub fn open(path: &Path) -> Result<Self, AccountsError> {
        Self::open_with(path, HashCost::LEAST)
    }

    /// The same where there is a file.
    ///
    /// # Errors
    /// As [`Accounts::open`].
    pub fn open_if_there(path: &Path) -> Result<Option<Self>, AccountsError> {
        if path.exists() { Self::open(path).map(Some) } else { Ok(None) }
    }

    /// Opens the accounts with another cost of hashes: tests have no time.
    ///
    /// # Errors
    /// As [`Accounts::open`].
    pub fn open_with(path: &Path, cost: HashCost) -> Result<Self, AccountsError> {
        let store = Arc::new(store::Store::open(path)?);
        let secret = store.read(|connection| store::setting::<[u8; 32]>(connection, "secret"))?;
        let secret = secret.ok_or_else(|| AccountsError::Damaged("the secret is missing".to_owned()))?;
        Ok(Self {
            later: note_later::Later::start(Arc::clone(&store)),
            store,
            passwords: passwords::Passwords::new(cost)?,
            throttle: Mutex::default(),
            cache: Mutex::default(),
            setup: Mutex::default(),
            had_administrator: AtomicBool::new(false),
            secret,
        })
    }

    /// The key that public identifiers of records are made with: drawn once, when the file was made.
    pub fn publication_secret(&self) -> Secret {
        Secret::new(self.secret)
    }
}
