//! Signing in with an OpenID Connect provider: it has told who somebody is.

use std::net::IpAddr;

use access::Grant;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::account::{administrator_is_left, checked_grants, needed};
use crate::administration::remember_administrator;
use crate::audit::{self, Action, By, Entry};
use crate::random::{hex, sha256};
use crate::sign_in::begin;
use crate::store::stored;
use crate::{Accounts, AccountsError, SignedIn};

/// Longest name that is taken from a provider, in characters.
const NAME_MAX: usize = 200;

/// Somebody as a provider tells of him, and what the configuration grants to his groups.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Short name of the provider in the configuration: the account's identifier begins with it.
    pub issuer_id: &'a str,
    /// The provider's own address (`iss`). With `subject` it is whom the account belongs to.
    pub issuer: &'a str,
    /// The person at the provider (`sub`): never a name or an address of mail, which may pass to somebody else.
    pub subject: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// What is granted from now on, in the place of what was.
    pub grants: &'a [Grant],
    /// Whether the provider asked for a second factor.
    pub second_factor: bool,
    /// Network address.
    pub address: IpAddr,
    /// Browser, as it names itself.
    pub agent: &'a str,
}

impl Accounts {
    /// Signs somebody in whom a provider has told us of; an account is made at the first time.
    ///
    /// # Errors
    /// [`AccountsError::SignInFailed`] where the account is disabled; nobody could manage accounts any more; a grant
    /// cannot be used; the store failed.
    pub fn sign_in_told(&self, told: &Told<'_>, now: Timestamp) -> Result<SignedIn, AccountsError> {
        let (grants, address) = (checked_grants(told.grants)?, told.address.to_string());
        let name: String = told.name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
        self.store.write(|transaction| {
            let id = match known(transaction, told)? {
                Some(id) => id,
                None => make(transaction, told, now)?,
            };
            let before = needed(transaction, &id)?;
            if before.disabled {
                return Err(AccountsError::SignInFailed);
            }
            let name = if name.trim().is_empty() { &id } else { name.trim() };
            let set = "UPDATE account SET name = ?2, grants = ?3 WHERE id = ?1";
            transaction.execute(set, (&id, name, &grants))?;
            if before.is_administrator() && !administrator_is_left(transaction)? {
                return Err(AccountsError::LastAdministrator(id));
            }
            remember_administrator(transaction)?;
            let by = By { account: Some(&id), name, address: &address };
            if before.grants != told.grants {
                audit::append(transaction, &Entry::done(Action::AccountChanged, &id, &grants).by(&by), now)?;
            }
            let account = needed(transaction, &id)?;
            let signed_in = begin(transaction, &account, told.second_factor, (None, told.agent), &by, now)?;
            audit::append(transaction, &Entry::done(Action::SignIn, &id, told.issuer).by(&by), now)?;
            Ok(signed_in)
        })
    }
}

fn known(connection: &Connection, told: &Told<'_>) -> Result<Option<String>, AccountsError> {
    let sql = "SELECT id FROM account WHERE issuer = ?1 AND subject = ?2";
    Ok(connection.query_row(sql, (told.issuer, told.subject), |row| row.get(0)).optional()?)
}

fn make(connection: &Connection, told: &Told<'_>, now: Timestamp) -> Result<String, AccountsError> {
    let hash = sha256(&[b"subject", told.issuer.as_bytes(), told.subject.as_bytes()]);
    let id = format!("{}.{}", told.issuer_id, hex(&hash[..8]));
    crate::account::checked_id(&id)?;
    connection.execute(
        "INSERT INTO account (id, name, grants, issuer, subject, created_at) VALUES (?1, ?1, '[]', ?2, ?3, ?4)",
        (&id, told.issuer, told.subject, stored(now)),
    )?;
    Ok(id)
}
