//! Accounts: who there is and what each was granted.

use access::{Grant, Role};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::session::Session;
use crate::store::time;
use crate::{Accounts, AccountsError};

/// Longest identifier, in characters.
const ID_MAX: usize = 64;
/// Longest name for people, in characters.
const NAME_MAX: usize = 200;
/// Most grants of one account.
const GRANTS_MAX: usize = 100;

/// An account, as far as others may know it: nothing in it is secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Identifier: `a`–`z`, digits, `.`, `_`, `-`, `@`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What was granted.
    pub grants: Vec<Grant>,
    /// Whether it may not be used.
    pub disabled: bool,
    /// Whether its password was given by somebody else and must be changed first.
    pub password_change_needed: bool,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// The OpenID Connect provider that knows the person; `None` for an account with a password here.
    pub issuer: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in to it.
    pub last_sign_in_at: Option<Timestamp>,
}

impl Account {
    /// Whether one of its roles needs a second factor and none is set up: those grants have no effect until then.
    pub fn second_factor_needed(&self) -> bool {
        // With a provider the second factor is the provider's.
        !self.second_factor && self.issuer.is_none() && self.has_guarded_grants()
    }

    /// Whether the grants that need a second factor take effect in a session. An account of a provider has none here:
    /// what counts is whether the provider asked for one.
    pub(crate) fn is_proven_in(&self, session: &Session) -> bool {
        session.second_factor && (self.second_factor || self.issuer.is_some())
    }

    /// Whether it has a role that needs a second factor.
    pub(crate) fn has_guarded_grants(&self) -> bool {
        self.grants.iter().any(|grant| grant.role.needs_second_factor())
    }

    /// Whether it is granted the role of the administrator.
    pub fn is_administrator(&self) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Administrator)
    }

    /// The grants that take effect: those that need a second factor only where one was given.
    pub(crate) fn effective(&self, is_proven: bool) -> Vec<Grant> {
        self.grants.iter().filter(|grant| is_proven || !grant.role.needs_second_factor()).cloned().collect()
    }
}

const COLUMNS: &str =
    "id, name, grants, disabled, must_change, totp_confirmed, issuer, created_at, last_sign_in_at";

fn read(row: &Row<'_>) -> Result<Account, rusqlite::Error> {
    let grants: String = row.get(2)?;
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(error));
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        grants: serde_json::from_str(&grants).map_err(unreadable)?,
        disabled: row.get(3)?,
        password_change_needed: row.get(4)?,
        second_factor: row.get(5)?,
        issuer: row.get(6)?,
        created_at: time(row.get(7)?)?,
        last_sign_in_at: row.get::<_, Option<i64>>(8)?.map(time).transpose()?,
    })
}

/// The account of that identifier.
pub(crate) fn find(connection: &Connection, id: &str) -> Result<Option<Account>, AccountsError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE id = ?1"))?;
    Ok(statement.query_row([id], read).optional()?)
}

/// The account of that identifier, which must be there.
pub(crate) fn needed(connection: &Connection, id: &str) -> Result<Account, AccountsError> {
    find(connection, id)?.ok_or_else(|| AccountsError::NoAccount(id.to_owned()))
}

fn all(connection: &Connection) -> Result<Vec<Account>, AccountsError> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM account ORDER BY id"))?;
    let found = statement.query_map([], read)?.collect::<Result<_, _>>();
    Ok(found?)
}

/// Whether an enabled administrator is left: asked before a change is committed.
pub(crate) fn administrator_is_left(connection: &Connection) -> Result<bool, AccountsError> {
    Ok(all(connection)?.iter().any(|account| account.is_administrator() && !account.disabled))
}

/// An identifier that can be used.
///
/// # Errors
/// It is empty, too long or of other characters.
pub(crate) fn checked_id(id: &str) -> Result<(), AccountsError> {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@".contains(&byte);
    if (1..=ID_MAX).contains(&id.len()) && id.bytes().all(is_known) {
        return Ok(());
    }
    let why = format!("an identifier of an account has 1 to {ID_MAX} of a–z, 0–9, '.', '_', '-', '@'");
    Err(AccountsError::BadValue(why))
}

pub(crate) fn checked_name(name: &str) -> Result<&str, AccountsError> {
    let name = name.trim();
    if (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    Err(AccountsError::BadValue(format!("a name has 1 to {NAME_MAX} characters on one line")))
}

/// Grants as the table has them.
///
/// # Errors
/// There are too many, or an area is no box of degrees.
pub(crate) fn checked_grants(grants: &[Grant]) -> Result<String, AccountsError> {
    let bad = |why: String| Err(AccountsError::BadValue(why));
    if grants.len() > GRANTS_MAX {
        return bad(format!("{} grants; at most {GRANTS_MAX} are taken", grants.len()));
    }
    for [west, south, east, north] in grants.iter().filter_map(|grant| grant.area) {
        let in_range = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
        if !(in_range && west <= east && south <= north) {
            return bad(
                "an area is west, south, east, north in degrees, west ≤ east and south ≤ north".to_owned()
            );
        }
    }
    if grants.iter().filter_map(|grant| grant.organisation.as_deref()).any(|code| code.trim().is_empty()) {
        return bad("the code of an organisation is empty; leave it out for every organisation".to_owned());
    }
    serde_json::to_string(grants).map_err(|error| AccountsError::Damaged(error.to_string()))
}

impl Accounts {
    /// Every account, by identifier.
    ///
    /// # Errors
    /// The store failed.
    pub fn list(&self) -> Result<Vec<Account>, AccountsError> {
        self.store.read(all)
    }

    /// One account.
    ///
    /// # Errors
    /// There is none of that identifier, or the store failed.
    pub fn account(&self, id: &str) -> Result<Account, AccountsError> {
        self.store.read(|connection| needed(connection, id))
    }
}
