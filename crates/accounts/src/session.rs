//! Sessions: a random cookie of which only the hash is kept.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::audit::{self, Action, By, Entry};
use crate::random::sha256;
use crate::store::{stored, time};
use crate::{Account, Accounts, AccountsError};

/// Without a request for so long a session ends.
const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// An administrator's ends sooner.
const IDLE_OF_ADMINISTRATOR: SignedDuration = SignedDuration::from_mins(30);
/// So long after its beginning a session ends.
const WHOLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// An administrator's ends sooner.
const WHOLE_OF_ADMINISTRATOR: SignedDuration = SignedDuration::from_hours(12);
/// Longest name of a browser that is kept, in characters.
const AGENT_MAX: usize = 200;

/// A session, without its cookie.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Public identifier, by which it is listed and ended.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When its last request came, to a minute.
    pub last_seen_at: Timestamp,
    /// Whether the second factor was given in it.
    pub second_factor: bool,
    /// Network address it began from.
    pub address: String,
    /// Browser, as it names itself.
    pub agent: String,
}

impl Session {
    /// When it ends if no request comes before.
    pub fn ends_at(&self, account: &Account) -> Timestamp {
        let (idle, whole) = match account.is_administrator() {
            true => (IDLE_OF_ADMINISTRATOR, WHOLE_OF_ADMINISTRATOR),
            false => (IDLE, WHOLE),
        };
        let after = |at: Timestamp, span| at.checked_add(span).unwrap_or(at);
        after(self.last_seen_at, idle).min(after(self.began_at, whole))
    }
}

/// A cookie's hash: the only trace of it.
pub(crate) fn hash_of(cookie: &str) -> [u8; 32] {
    sha256(&[b"session", cookie.as_bytes()])
}

/// A device cookie's hash.
pub(crate) fn device_hash_of(cookie: &str) -> [u8; 32] {
    sha256(&[b"device", cookie.as_bytes()])
}

const COLUMNS: &str = "id, account, began_at, last_seen_at, second_factor, address, agent";

fn read(row: &Row<'_>) -> Result<Session, rusqlite::Error> {
    Ok(Session {
        id: row.get(0)?,
        account: row.get(1)?,
        began_at: time(row.get(2)?)?,
        last_seen_at: time(row.get(3)?)?,
        second_factor: row.get(4)?,
        address: row.get(5)?,
        agent: row.get(6)?,
    })
}

/// The session of a cookie, also one that has ended by the clock.
pub(crate) fn find(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Session>, AccountsError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM session WHERE hash = ?1"))?;
    Ok(statement.query_row([hash], read).optional()?)
}

/// Writes a new session, and forgets those that have ended for everybody.
pub(crate) fn insert(
    connection: &Connection,
    hash: &[u8; 32],
    session: &Session,
) -> Result<(), AccountsError> {
    let began = session.began_at;
    let before = |span| stored(began.checked_sub(span).unwrap_or(began));
    let ended = "DELETE FROM session WHERE began_at < ?1 OR last_seen_at < ?2";
    connection.execute(ended, (before(WHOLE), before(IDLE)))?;
    let agent: String = session.agent.chars().filter(|c| !c.is_control()).take(AGENT_MAX).collect();
    let values =
        (&session.id, &session.account, stored(began), session.second_factor, &session.address, agent);
    let (id, account, began, second_factor, address, agent) = values;
    connection.execute(
        &format!("INSERT INTO session (hash, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)"),
        (hash, id, account, began, second_factor, address, agent),
    )?;
    Ok(())
}

impl Accounts {
    /// The sessions of an account that have not ended, the newest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn sessions(&self, account: &Account, now: Timestamp) -> Result<Vec<Session>, AccountsError> {
        self.store.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM session WHERE account = ?1 ORDER BY began_at DESC");
            let mut statement = connection.prepare(&sql)?;
            let all = statement.query_map([&account.id], read)?.collect::<Result<Vec<_>, _>>()?;
            Ok(all.into_iter().filter(|session| session.ends_at(account) > now).collect())
        })
    }

    /// Ends a session of an account, by its public identifier.
    ///
    /// # Errors
    /// The account has no such session, or the store failed.
    pub fn end_session(
        &self,
        account: &str,
        id: &str,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        self.store.write(|transaction| {
            let ended =
                transaction.execute("DELETE FROM session WHERE account = ?1 AND id = ?2", (account, id))?;
            if ended == 0 {
                return Err(AccountsError::NotThere("session"));
            }
            audit::append(transaction, &Entry::done(Action::SignOut, account, "").by(by), now)
        })
    }
}
