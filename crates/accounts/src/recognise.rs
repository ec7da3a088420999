//! Who asks: from a cookie or a token to a caller, at each request.
//!
//! What was read is kept in memory for as long as nobody, in this process or another, has changed the accounts: so a
//! disabled account or a changed role takes effect with the next request, and a tile costs no query.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError};

use access::Caller;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::account::find;
use crate::administration::HAD_ADMINISTRATOR;
use crate::session::Session;
use crate::store::{Seen, setting, stored};
use crate::tokens::{Token, TokenAccess};
use crate::{Account, Accounts, AccountsError, session, tokens};

/// Times of last use are written down at most so often.
const USE_NOTED_EVERY_MS: i64 = 60_000;
/// Most sessions and tokens kept in memory.
const KEPT_MAX: usize = 20_000;

/// Whether the register has accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// No administrator has ever existed: whoever sits at the machine reads everything.
    Workstation,
    /// Whoever has not signed in is the public.
    Accounts,
}

/// What somebody shows.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// Nothing.
    None,
    /// The cookie of a session.
    Session(&'a str),
    /// The text of a token.
    Token(&'a str),
}

/// Somebody who was recognised.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// What he may see and do.
    pub caller: Caller,
    /// His account, where he has signed in.
    pub account: Option<Arc<Account>>,
    /// His session, where he showed one.
    pub session: Option<Session>,
    /// His token, where he showed one.
    pub token: Option<Arc<Token>>,
}

/// Why somebody was not recognised. He is not the public then: he believes to be somebody.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The session has ended, or its account is disabled.
    #[error("the session has ended: sign in again")]
    SessionEnded,
    /// The token is mistyped, ended, expired, or its account is disabled.
    #[error("the token is not known, has expired, or its account is disabled")]
    Token,
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] AccountsError),
}

/// What a cookie or a token was found to be.
#[derive(Clone)]
struct Known {
    account: Arc<Account>,
    held: Held,
    used_at: Arc<AtomicI64>,
    noted_at: Arc<AtomicI64>,
}

#[derive(Clone)]
enum Held {
    Session(Session),
    Token(Arc<Token>),
}

/// What was read, and what tells whether it still holds.
#[derive(Default)]
pub(crate) struct Cache {
    seen: Option<Seen>,
    known: HashMap<[u8; 32], Known>,
}

impl Accounts {
    /// Whether the register has accounts. Once it has, it has for good.
    ///
    /// # Errors
    /// The store failed.
    pub fn mode(&self) -> Result<Mode, AccountsError> {
        if self.had_administrator.load(Ordering::Acquire) {
            return Ok(Mode::Accounts);
        }
        if self.store.read(|connection| setting::<Vec<u8>>(connection, HAD_ADMINISTRATOR))?.is_none() {
            return Ok(Mode::Workstation);
        }
        self.had_administrator.store(true, Ordering::Release);
        Ok(Mode::Accounts)
    }

    /// Who it is that shows this.
    ///
    /// # Errors
    /// What is shown is not good (any more), or the store failed.
    pub fn caller(&self, credential: Credential<'_>, now: Timestamp) -> Result<Recognised, Refused> {
        match credential {
            Credential::None => Ok(self.nobody()?),
            Credential::Session(cookie) => {
                let known = self.known(&session::hash_of(cookie), Kind::Session)?;
                known.and_then(|known| self.of_session(&known, now)).ok_or(Refused::SessionEnded)
            }
            Credential::Token(text) => {
                let hash = tokens::hash_of(text).ok_or(Refused::Token)?;
                let known = self.known(&hash, Kind::Token)?;
                known.and_then(|known| self.of_token(&known, now)).ok_or(Refused::Token)
            }
        }
    }

    fn nobody(&self) -> Result<Recognised, AccountsError> {
        let caller = match self.mode()? {
            Mode::Workstation => Caller::workstation(),
            Mode::Accounts => Caller::public(),
        };
        Ok(Recognised { caller, account: None, session: None, token: None })
    }

    fn of_session(&self, known: &Known, now: Timestamp) -> Option<Recognised> {
        let Held::Session(session) = &known.held else { return None };
        let last_seen_at = Timestamp::from_millisecond(known.used_at.load(Ordering::Relaxed)).ok()?;
        let mut session = Session { last_seen_at, ..session.clone() };
        if known.account.disabled || session.ends_at(&known.account) <= now {
            return None;
        }
        self.note_use(known, "UPDATE session SET last_seen_at = ?2 WHERE id = ?1", &session.id, now);
        session.last_seen_at = now;
        let grants = match known.account.password_change_needed {
            true => Vec::new(),
            false => known.account.effective(known.account.is_proven_in(&session)),
        };
        let caller = Caller::signed_in(&known.account.id, &known.account.name, grants, false);
        Some(Recognised { caller, account: Some(known.account.clone()), session: Some(session), token: None })
    }

    fn of_token(&self, known: &Known, now: Timestamp) -> Option<Recognised> {
        let Held::Token(token) = &known.held else { return None };
        if known.account.disabled || token.expires_at <= now {
            return None;
        }
        self.note_use(known, "UPDATE token SET last_used_at = ?2 WHERE id = ?1", &token.id, now);
        let grants = token.levels.narrowed(known.account.effective(token.second_factor));
        let only_reads = token.access == TokenAccess::Read;
        let caller = Caller::signed_in(&known.account.id, &known.account.name, grants, only_reads);
        Some(Recognised {
            caller,
            account: Some(known.account.clone()),
            session: None,
            token: Some(token.clone()),
        })
    }

    /// Writes the time of last use down, at most once a minute.
    fn note_use(&self, known: &Known, sql: &str, id: &str, now: Timestamp) {
        let now = stored(now);
        known.used_at.fetch_max(now, Ordering::Relaxed);
        let noted = known.noted_at.load(Ordering::Relaxed);
        let is_due = now - noted >= USE_NOTED_EVERY_MS;
        if is_due && known.noted_at.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            // A disk that is full keeps nobody from reading: the time in memory is the one that counts.
            let _ = self.store.write_aside(|transaction| Ok(transaction.execute(sql, (id, now))?));
        }
    }

    fn known(&self, hash: &[u8; 32], kind: Kind) -> Result<Option<Known>, AccountsError> {
        self.store.read_seen(|connection, seen| {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            if cache.seen != Some(seen) || cache.known.len() >= KEPT_MAX {
                *cache = Cache { seen: Some(seen), known: HashMap::new() };
            }
            if let Some(known) = cache.known.get(hash) {
                return Ok(Some(known.clone()));
            }
            let found = read(connection, hash, kind)?;
            if let Some(known) = &found {
                cache.known.insert(*hash, known.clone());
            }
            Ok(found)
        })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Session,
    Token,
}

fn read(connection: &Connection, hash: &[u8; 32], kind: Kind) -> Result<Option<Known>, AccountsError> {
    let (held, account, used_at) = match kind {
        Kind::Session => {
            let Some(session) = session::find(connection, hash)? else { return Ok(None) };
            let (account, used_at) = (session.account.clone(), stored(session.last_seen_at));
            (Held::Session(session), account, used_at)
        }
        Kind::Token => {
            let Some(token) = tokens::find(connection, hash)? else { return Ok(None) };
            let (account, used_at) = (token.account.clone(), token.last_used_at.map_or(0, stored));
            (Held::Token(Arc::new(token)), account, used_at)
        }
    };
    let Some(account) = find(connection, &account)?.map(Arc::new) else { return Ok(None) };
    let (used_at, noted_at) = (Arc::new(AtomicI64::new(used_at)), Arc::new(AtomicI64::new(used_at)));
    Ok(Some(Known { account, held, used_at, noted_at }))
}
