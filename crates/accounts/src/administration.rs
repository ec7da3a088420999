//! Making and changing accounts. Every change stands in the audit trail, in the same transaction.

use access::Grant;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::account::{administrator_is_left, checked_grants, checked_id, checked_name, find, needed};
use crate::audit::{self, Action, By, Entry};
use crate::store::{set, stored};
use crate::{Account, Accounts, AccountsError, random};

/// The setting that says that an administrator has existed.
pub(crate) const HAD_ADMINISTRATOR: &str = "had_administrator";

/// An account to be made.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// What is granted.
    pub grants: &'a [Grant],
    /// The password the person chose; `None`: one is made, which must be changed at the first sign-in.
    pub password: Option<&'a str>,
}

/// What of an account changes; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Name for people.
    pub name: Option<String>,
    /// What is granted.
    pub grants: Option<Vec<Grant>>,
    /// Whether it may not be used.
    pub disabled: Option<bool>,
}

/// A password made for somebody: shown once, kept nowhere.
pub struct FirstPassword(pub String);

impl Accounts {
    /// Makes an account. The password is answered where it was made here.
    ///
    /// # Errors
    /// The identifier is taken; a value or the password cannot be used; hashing is busy; the store failed.
    pub fn make(
        &self,
        new: &New<'_>,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(Account, Option<FirstPassword>), AccountsError> {
        checked_id(new.id)?;
        let made = if new.password.is_none() { Some(random::for_people(5)?) } else { None };
        let password = self.accepted_hash(new.password.or(made.as_deref()).unwrap_or_default(), new.id)?;
        let account = self.store.write(|transaction| {
            let entry = insert(transaction, new, &password, made.is_some(), now)?;
            audit::append(transaction, &entry.by(by), now)?;
            needed(transaction, new.id)
        })?;
        Ok((account, made.map(FirstPassword)))
    }

    /// Changes an account; takes effect with the next request, also of sessions and tokens that there are.
    ///
    /// # Errors
    /// Nobody has that identifier; a value cannot be used; nobody could manage accounts any more; the store failed.
    pub fn change(
        &self,
        id: &str,
        change: &Change,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<Account, AccountsError> {
        self.store.write(|transaction| {
            let before = needed(transaction, id)?;
            if let Some(name) = &change.name {
                let name = checked_name(name)?;
                transaction.execute("UPDATE account SET name = ?2 WHERE id = ?1", (id, name))?;
            }
            if let Some(grants) = &change.grants {
                let grants = checked_grants(grants)?;
                transaction.execute("UPDATE account SET grants = ?2 WHERE id = ?1", (id, grants))?;
            }
            if let Some(disabled) = change.disabled {
                transaction.execute("UPDATE account SET disabled = ?2 WHERE id = ?1", (id, disabled))?;
            }
            if change.disabled == Some(true) {
                end_sessions(transaction, id)?;
            }
            if before.is_administrator() && !before.disabled && !administrator_is_left(transaction)? {
                return Err(AccountsError::LastAdministrator(id.to_owned()));
            }
            let after = needed(transaction, id)?;
            remember_administrator(transaction)?;
            audit::append(transaction, &told(&before, &after).by(by), now)?;
            Ok(after)
        })
    }

    /// Gives an account a new password, which must be changed at the next sign-in, and ends its sessions and tokens:
    /// somebody else may hold them.
    ///
    /// # Errors
    /// Nobody has that identifier, it belongs to an OpenID Connect provider, or the store failed.
    pub fn reset_password(
        &self,
        id: &str,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<FirstPassword, AccountsError> {
        if self.account(id)?.issuer.is_some() {
            let why = "the account signs in at its provider: there is no password here";
            return Err(AccountsError::BadValue(why.to_owned()));
        }
        let made = random::for_people(5)?;
        let hash = self.passwords.hash(&made)?;
        self.store.write(|transaction| {
            let set = "UPDATE account SET password = ?2, must_change = 1 WHERE id = ?1";
            transaction.execute(set, (id, &hash))?;
            end_sessions(transaction, id)?;
            end_tokens(transaction, id)?;
            forget_devices(transaction, id)?;
            audit::append(transaction, &Entry::done(Action::Password, id, "reset").by(by), now)
        })?;
        Ok(FirstPassword(made))
    }

    /// Takes an account's second factor off, for somebody who lost it, and ends its sessions and tokens.
    ///
    /// # Errors
    /// Nobody has that identifier, or the store failed.
    pub fn reset_second_factor(&self, id: &str, by: &By<'_>, now: Timestamp) -> Result<(), AccountsError> {
        self.store.write(|transaction| {
            needed(transaction, id)?;
            take_second_factor(transaction, id)?;
            end_sessions(transaction, id)?;
            end_tokens(transaction, id)?;
            forget_devices(transaction, id)?;
            audit::append(transaction, &Entry::done(Action::SecondFactor, id, "reset").by(by), now)?;
            Ok(())
        })
    }
}

fn end_tokens(connection: &Connection, account: &str) -> Result<(), AccountsError> {
    connection.execute("DELETE FROM token WHERE account = ?1", [account])?;
    Ok(())
}

/// Writes a new account; answers what the audit trail says of it.
pub(crate) fn insert(
    connection: &Connection,
    new: &New<'_>,
    password: &str,
    must_change: bool,
    now: Timestamp,
) -> Result<Entry, AccountsError> {
    let (name, grants) = (checked_name(new.name)?, checked_grants(new.grants)?);
    if find(connection, new.id)?.is_some() {
        return Err(AccountsError::AccountExists(new.id.to_owned()));
    }
    connection.execute(
        "INSERT INTO account (id, name, grants, password, must_change, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (new.id, name, &grants, password, must_change, stored(now)),
    )?;
    remember_administrator(connection)?;
    Ok(Entry::done(Action::AccountMade, new.id, &grants))
}

/// Once an administrator has existed, the register has accounts for good.
pub(crate) fn remember_administrator(connection: &Connection) -> Result<(), AccountsError> {
    if administrator_is_left(connection)? { set(connection, HAD_ADMINISTRATOR, &[1]) } else { Ok(()) }
}

fn told(before: &Account, after: &Account) -> Entry {
    let mut what = Vec::new();
    if before.name != after.name {
        what.push(format!("name {:?} → {:?}", before.name, after.name));
    }
    if before.grants != after.grants {
        let text = |grants: &[Grant]| serde_json::to_string(grants).unwrap_or_default();
        what.push(format!("grants {} → {}", text(&before.grants), text(&after.grants)));
    }
    let action = match (before.disabled, after.disabled) {
        (false, true) => Action::AccountDisabled,
        (true, false) => {
            what.push("enabled".to_owned());
            Action::AccountChanged
        }
        (true, true) | (false, false) => Action::AccountChanged,
    };
    Entry::done(action, &after.id, &what.join("; "))
}

pub(crate) fn end_sessions(connection: &Connection, account: &str) -> Result<(), AccountsError> {
    connection.execute("DELETE FROM session WHERE account = ?1", [account])?;
    Ok(())
}

pub(crate) fn forget_devices(connection: &Connection, account: &str) -> Result<(), AccountsError> {
    connection.execute("DELETE FROM device WHERE account = ?1", [account])?;
    Ok(())
}

pub(crate) fn take_second_factor(connection: &Connection, account: &str) -> Result<(), AccountsError> {
    let set = "UPDATE account SET totp_secret = NULL, totp_confirmed = 0, totp_step = 0 WHERE id = ?1";
    connection.execute(set, [account])?;
    connection.execute("DELETE FROM recovery_code WHERE account = ?1", [account])?;
    Ok(())
}
