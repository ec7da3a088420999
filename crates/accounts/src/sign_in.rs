//! Signing in with a password, and proving once more who one is.

use std::net::IpAddr;
use std::sync::PoisonError;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::account::find;
use crate::audit::{self, Action, By, Entry};
use crate::passwords::Verdict;
use crate::second_factor::use_code;
use crate::session::{self, Session, device_hash_of};
use crate::store::stored;
use crate::throttle::Key;
use crate::{Account, Accounts, AccountsError, random};

/// Devices that are remembered for one account; the one not used for longest makes room.
const DEVICES_MAX: i64 = 20;
/// Longest password that is looked at, in bytes: 256 characters of up to four bytes.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// Somebody who wants to sign in.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Identifier of the account, in any case.
    pub account: &'a str,
    /// Password.
    pub password: &'a str,
    /// Code of the second factor, or a recovery code.
    pub code: Option<&'a str>,
    /// The device cookie of the browser, where it has one.
    pub device: Option<&'a str>,
    /// Network address.
    pub address: IpAddr,
    /// Browser, as it names itself.
    pub agent: &'a str,
}

/// Somebody who has signed in. The cookies are answered once and kept nowhere.
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The session.
    pub session: Session,
    /// Value of the session's cookie.
    pub cookie: String,
    /// Value of the cookie by which this device is known again.
    pub device: String,
}

/// What is known of the account that somebody names.
struct Named {
    account: Option<Account>,
    password: Option<String>,
    is_known_device: bool,
    /// Whether the device cookie is one of ours: several people may use one device.
    is_device: bool,
}

impl Accounts {
    /// Signs somebody in: a new session, and a device that is known from now on.
    ///
    /// # Errors
    /// [`AccountsError::SignInFailed`] for an unknown account, a wrong password and a disabled account alike;
    /// [`AccountsError::SecondFactorNeeded`] and [`AccountsError::SecondFactorFailed`] only where the password is
    /// right; [`AccountsError::TooManyTries`]; [`AccountsError::Busy`]; the store failed.
    pub fn sign_in(&self, with: &SignIn<'_>, now: Timestamp) -> Result<SignedIn, AccountsError> {
        let id = with.account.trim().to_lowercase();
        let named = self.store.read(|connection| named(connection, &id, with.device))?;
        let mut keys = match with.device.filter(|_| named.is_known_device) {
            Some(device) => vec![Key::Device(device_hash_of(device))],
            None => vec![Key::address(with.address), Key::Account(id.chars().take(64).collect())],
        };
        self.throttle().take(&mut keys, now)?;
        let done = self.tried(with, &id, named, now);
        self.counted_as(&done, &keys);
        if let Err(error @ (AccountsError::SignInFailed | AccountsError::SecondFactorFailed)) = &done {
            self.note_refused(&id, with.address, &error.to_string(), now)?;
        }
        done
    }

    fn tried(
        &self,
        with: &SignIn<'_>,
        id: &str,
        named: Named,
        now: Timestamp,
    ) -> Result<SignedIn, AccountsError> {
        let password = if with.password.len() > PASSWORD_BYTES_MAX { "" } else { with.password };
        let verdict = self.passwords.check(password, named.password.as_deref())?;
        let rehashed = match verdict {
            Verdict::Wrong => return Err(AccountsError::SignInFailed),
            Verdict::Right => None,
            Verdict::RightRehashed(hash) => Some(hash),
        };
        let account = named.account.filter(|account| !account.disabled).ok_or(AccountsError::SignInFailed)?;
        if account.second_factor && with.code.is_none() {
            return Err(AccountsError::SecondFactorNeeded);
        }
        let device = with.device.filter(|_| named.is_device);
        let address = with.address.to_string();
        self.store.write(|transaction| {
            // Looked at again: it may have been disabled while the password was checked.
            let account = find(transaction, id)?.filter(|account| !account.disabled);
            let account = account.ok_or(AccountsError::SignInFailed)?;
            if account.second_factor {
                use_code(transaction, id, with.code.unwrap_or(""), now)?;
            }
            if let Some(hash) = &rehashed {
                transaction.execute("UPDATE account SET password = ?2 WHERE id = ?1", (id, hash))?;
            }
            let by = By { account: Some(id), name: &account.name, address: &address };
            let signed_in =
                begin(transaction, &account, account.second_factor, (device, with.agent), &by, now)?;
            audit::append(transaction, &Entry::done(Action::SignIn, id, "").by(&by), now)?;
            Ok(signed_in)
        })
    }

    /// A refused sign-in in the trail. A name that is no account is not written down: people type passwords there.
    fn note_refused(
        &self,
        id: &str,
        address: IpAddr,
        why: &str,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        let address = address.to_string();
        self.store.write_aside(|transaction| {
            let object = if find(transaction, id)?.is_some() { id } else { "unknown account" };
            let by = By { account: None, name: "public", address: &address };
            audit::append(transaction, &Entry::refused(Action::SignInRefused, object, why).by(&by), now)
        })
    }

    /// Has somebody who has signed in give the password once more.
    ///
    /// # Errors
    /// It is not right, or there were too many tries.
    pub(crate) fn prove(
        &self,
        session: &Session,
        password: &str,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        let id = &session.account;
        let named = self.store.read(|connection| named(connection, id, None))?;
        self.counted(session, now, || match self.passwords.check(password, named.password.as_deref())? {
            Verdict::Wrong => Err(AccountsError::SignInFailed),
            Verdict::Right | Verdict::RightRehashed(_) => Ok(()),
        })
    }

    /// A try of somebody who has signed in, measured by the session: nobody else can use it up.
    pub(crate) fn counted<T>(
        &self,
        session: &Session,
        now: Timestamp,
        tried: impl FnOnce() -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        let mut keys = vec![Key::Device(random::sha256(&[b"session's own", session.id.as_bytes()]))];
        self.throttle().take(&mut keys, now)?;
        let done = tried();
        self.counted_as(&done, &keys);
        done
    }

    fn counted_as<T>(&self, done: &Result<T, AccountsError>, keys: &[Key]) {
        match done {
            Ok(_) => self.throttle().right(keys),
            Err(AccountsError::SignInFailed | AccountsError::SecondFactorFailed) => {
                self.throttle().failed(keys)
            }
            Err(_) => self.throttle().give_back(keys),
        }
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, crate::throttle::Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes one's own password and ends one's other sessions.
    ///
    /// # Errors
    /// The current one is not right, the new one is not accepted, or there were too many tries.
    pub fn change_password(
        &self,
        session: &Session,
        (current, new): (&str, &str),
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        self.prove(session, current, now)?;
        if current == new {
            return Err(AccountsError::BadPassword("the new password is the current one".to_owned()));
        }
        let id = &session.account;
        let hash = self.accepted_hash(new, id)?;
        self.store.write(|transaction| {
            let set = "UPDATE account SET password = ?2, must_change = 0 WHERE id = ?1";
            transaction.execute(set, (id, &hash))?;
            transaction.execute("DELETE FROM session WHERE account = ?1 AND id <> ?2", (id, &session.id))?;
            audit::append(transaction, &Entry::done(Action::Password, id, "changed").by(by), now)
        })
    }
}

fn named(connection: &Connection, id: &str, device: Option<&str>) -> Result<Named, AccountsError> {
    let account = find(connection, id)?;
    let password = "SELECT password FROM account WHERE id = ?1";
    let password = connection.query_row(password, [id], |row| row.get(0)).optional()?.flatten();
    let sql = "SELECT count(*), count(*) FILTER (WHERE account = ?2) FROM device WHERE hash = ?1";
    let found = |device: &str| {
        let counts = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        connection.query_row(sql, (device_hash_of(device), id), counts)
    };
    let (of_anybody, own) = device.map(found).transpose()?.unwrap_or((0, 0));
    Ok(Named { account, password, is_known_device: own > 0, is_device: of_anybody > 0 })
}

/// A new session, on a device that is known from now on.
pub(crate) fn begin(
    connection: &Connection,
    account: &Account,
    second_factor: bool,
    (device, agent): (Option<&str>, &str),
    by: &By<'_>,
    now: Timestamp,
) -> Result<SignedIn, AccountsError> {
    let cookie = random::secret_text()?;
    let session = Session {
        id: random::public_id()?,
        account: account.id.clone(),
        began_at: now,
        last_seen_at: now,
        second_factor,
        address: by.address.to_owned(),
        agent: agent.to_owned(),
    };
    session::insert(connection, &session::hash_of(&cookie), &session)?;
    let sql = "UPDATE account SET last_sign_in_at = ?2 WHERE id = ?1";
    connection.execute(sql, (&account.id, stored(now)))?;
    let device = device.map_or_else(random::secret_text, |known| Ok(known.to_owned()))?;
    remember_device(connection, &account.id, &device, now)?;
    let account = crate::account::needed(connection, &account.id)?;
    Ok(SignedIn { account, session, cookie, device })
}

fn remember_device(
    connection: &Connection,
    account: &str,
    device: &str,
    now: Timestamp,
) -> Result<(), AccountsError> {
    let sql = "INSERT OR REPLACE INTO device (hash, account, used_at) VALUES (?1, ?2, ?3)";
    connection.execute(sql, (device_hash_of(device), account, stored(now)))?;
    let oldest = "DELETE FROM device WHERE account = ?1 AND hash NOT IN \
         (SELECT hash FROM device WHERE account = ?1 ORDER BY used_at DESC LIMIT ?2)";
    connection.execute(oldest, (account, DEVICES_MAX))?;
    Ok(())
}
