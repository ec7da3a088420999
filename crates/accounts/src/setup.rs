//! The first administrator: made by whoever reads the console, once.

use std::net::IpAddr;
use std::sync::PoisonError;

use access::{Grant, Role};
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::account::{checked_id, checked_name};
use crate::administration::{New, insert};
use crate::audit::{self, Action, By, Entry};
use crate::recognise::Mode;
use crate::sign_in::begin;
use crate::{Accounts, AccountsError, SignedIn, random};

/// So many wrong tokens end the right one: a guesser has no second thousand.
const TRIES: u32 = 10;

/// The token that waits, and how often a wrong one was shown.
pub(crate) struct Waiting {
    token: String,
    tries: u32,
}

/// The first administrator, with the token from the console.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The one-time token.
    pub token: &'a str,
    /// Identifier of the account.
    pub account: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Password.
    pub password: &'a str,
    /// Network address.
    pub address: IpAddr,
    /// Browser, as it names itself.
    pub agent: &'a str,
}

impl Accounts {
    /// A one-time token for the first administrator, to be shown on the console; `None` where the register has
    /// accounts. It is kept in memory only; a new one takes the place of the old one.
    ///
    /// # Errors
    /// No random numbers, or the store failed.
    pub fn begin_setup(&self) -> Result<Option<String>, AccountsError> {
        if self.mode()? == Mode::Accounts {
            return Ok(None);
        }
        let token = random::secret_text()?;
        *self.waiting() = Some(Waiting { token: token.clone(), tries: 0 });
        Ok(Some(token))
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<Waiting>> {
        self.setup.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the first administrator and signs him in.
    ///
    /// # Errors
    /// There is an administrator already; the token is not right, was used or tried too often; a value cannot be used.
    pub fn set_up(&self, with: &Setup<'_>, now: Timestamp) -> Result<SignedIn, AccountsError> {
        if self.mode()? == Mode::Accounts {
            return Err(AccountsError::SetupDone);
        }
        self.check_token(with.token)?;
        checked_id(with.account)?;
        checked_name(with.name)?;
        let hash = self.accepted_hash(with.password, with.account)?;
        let grants = [Grant { role: Role::Administrator, organisation: None, area: None }];
        let new = New { id: with.account, name: with.name, grants: &grants, password: None };
        let address = with.address.to_string();
        let by = By { account: Some(with.account), name: with.name, address: &address };
        // Held until it is written: of two who show the token at once, one makes the administrator.
        let mut waiting = self.waiting();
        if waiting.is_none() {
            return Err(AccountsError::SetupRefused);
        }
        let done = self.store.write(|transaction| {
            insert(transaction, &new, &hash, false, now)?;
            let entry = Entry::done(Action::Setup, with.account, "the first administrator");
            audit::append(transaction, &entry.by(&by), now)?;
            let account = crate::account::needed(transaction, with.account)?;
            begin(transaction, &account, false, (None, with.agent), &by, now)
        })?;
        *waiting = None;
        Ok(done)
    }

    fn check_token(&self, given: &str) -> Result<(), AccountsError> {
        let mut waiting = self.waiting();
        let known = waiting.as_mut().ok_or(AccountsError::SetupRefused)?;
        if bool::from(known.token.as_bytes().ct_eq(given.as_bytes())) {
            return Ok(());
        }
        known.tries += 1;
        if known.tries >= TRIES {
            *waiting = None;
        }
        Err(AccountsError::SetupRefused)
    }
}
