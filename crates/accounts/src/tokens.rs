//! Tokens for programs: a long random text of which only the hash is kept.
//!
//! `minemap_`, 43 random letters and digits (256 bits), and six characters of their CRC-32 in base 62: whoever scans
//! files for secrets knows one when he sees it, and a mistyped one is refused without asking the store.

use access::{Grant, Role};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::account::{checked_name, needed};
use crate::audit::{self, Action, By, Entry};
use crate::random::{self, base62_of, sha256};
use crate::store::{stored, time};
use crate::{Account, Accounts, AccountsError};

const PREFIX: &str = "minemap_";
const RANDOM: usize = 43;
const CHECK: usize = 6;
/// Longest time a token is good for.
const LIFE_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Most tokens of one account.
const TOKENS_MAX: i64 = 100;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAccess {
    /// It reads.
    Read,
    /// It reads and writes, as its account does.
    Write,
}

impl TokenAccess {
    /// Code in requests and in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// What has that code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|access| access.code() == code)
    }
}

/// How much of what its account sees a token sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenLevels {
    /// What everybody sees.
    Public,
    /// What partners see, whatever the roles of the account.
    Partners,
    /// What the account sees.
    All,
}

impl TokenLevels {
    /// Code in requests and in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Partners => "partners",
            Self::All => "all",
        }
    }

    /// What has that code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Public, Self::Partners, Self::All].into_iter().find(|levels| levels.code() == code)
    }

    /// What is left of an account's grants.
    pub(crate) fn narrowed(self, grants: Vec<Grant>) -> Vec<Grant> {
        match self {
            Self::All => grants,
            Self::Public => Vec::new(),
            Self::Partners => {
                let partner = |grant: Grant| Grant { role: Role::Partner, area: None, ..grant };
                grants.into_iter().map(partner).collect()
            }
        }
    }
}

/// A token, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Public identifier, by which it is listed and ended.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub access: TokenAccess,
    /// What it sees.
    pub levels: TokenLevels,
    /// Whether whoever made it had given a second factor.
    pub second_factor: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Timestamp>,
}

/// A token to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// What it is for.
    pub name: &'a str,
    /// What it may do.
    pub access: TokenAccess,
    /// What it sees.
    pub levels: TokenLevels,
    /// The last day it is good on (UTC), at most a year ahead.
    pub expires_on: Date,
    /// Whether whoever makes it has given a second factor; a command on the store's own machine counts as one.
    pub second_factor: bool,
}

impl NewToken<'_> {
    fn expires_at(&self, now: Timestamp) -> Result<Timestamp, AccountsError> {
        let bad = || AccountsError::BadValue("expires_on is a day from today to a year ahead".to_owned());
        let next = self.expires_on.tomorrow().map_err(|_| bad())?;
        let ends = next.to_zoned(TimeZone::UTC).map_err(|_| bad())?.timestamp();
        let is_good = ends > now && ends.duration_since(now) <= LIFE_MAX;
        is_good.then_some(ends).ok_or_else(bad)
    }
}

fn checksum(random: &str) -> String {
    base62_of(crc32fast::hash(random.as_bytes()))
}

/// The hash of a token's text, where it can be one.
pub(crate) fn hash_of(text: &str) -> Option<[u8; 32]> {
    let rest = text.strip_prefix(PREFIX)?;
    let is_whole = rest.len() == RANDOM + CHECK && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (random, check) = is_whole.then(|| rest.split_at(RANDOM))?;
    (checksum(random) == check).then(|| sha256(&[b"token", text.as_bytes()]))
}

const COLUMNS: &str =
    "id, account, name, access, levels, second_factor, created_at, expires_at, last_used_at";

fn read(row: &Row<'_>) -> Result<Token, rusqlite::Error> {
    let (access, levels): (String, String) = (row.get(3)?, row.get(4)?);
    let unknown = |at| rusqlite::Error::InvalidColumnType(at, "code".to_owned(), rusqlite::types::Type::Text);
    Ok(Token {
        id: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        access: TokenAccess::from_code(&access).ok_or_else(|| unknown(3))?,
        levels: TokenLevels::from_code(&levels).ok_or_else(|| unknown(4))?,
        second_factor: row.get(5)?,
        created_at: time(row.get(6)?)?,
        expires_at: time(row.get(7)?)?,
        last_used_at: row.get::<_, Option<i64>>(8)?.map(time).transpose()?,
    })
}

/// The token of a hash, also one that has expired.
pub(crate) fn find(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Token>, AccountsError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM token WHERE hash = ?1"))?;
    Ok(statement.query_row([hash], read).optional()?)
}

impl Accounts {
    /// Makes a token; its text is answered once.
    ///
    /// # Errors
    /// The account has a role that needs a second factor and none was given; a value cannot be used; there are too
    /// many; the store failed.
    pub fn make_token(
        &self,
        account: &str,
        new: &NewToken<'_>,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(Token, String), AccountsError> {
        let (name, expires_at) = (checked_name(new.name)?, new.expires_at(now)?);
        if new.access == TokenAccess::Write && new.levels != TokenLevels::All {
            let why = "a token that writes sees what its account sees: access write needs levels all";
            return Err(AccountsError::BadValue(why.to_owned()));
        }
        let random = random::secret_text()?;
        let text = format!("{PREFIX}{random}{}", checksum(&random));
        let hash =
            hash_of(&text).ok_or_else(|| AccountsError::Damaged("a token was made wrong".to_owned()))?;
        let (id, access, levels) = (random::public_id()?, new.access.code(), new.levels.code());
        let (begins, ends) = (stored(now), stored(expires_at));
        let token = self.store.write(|transaction| {
            let owner: Account = needed(transaction, account)?;
            if owner.has_guarded_grants() && !new.second_factor {
                return Err(AccountsError::SecondFactorNeeded);
            }
            let count = "SELECT count(*) FROM token WHERE account = ?1";
            if transaction.query_row(count, [account], |row| row.get::<_, i64>(0))? >= TOKENS_MAX {
                return Err(AccountsError::BadValue(format!("an account has at most {TOKENS_MAX} tokens")));
            }
            transaction.execute(
                &format!(
                    "INSERT INTO token (hash, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)"
                ),
                (hash, &id, account, name, access, levels, new.second_factor, begins, ends),
            )?;
            let detail = format!("{access}, {levels}, until {}", new.expires_on);
            let entry = Entry::done(Action::TokenMade, &format!("{account} {id}"), &detail);
            audit::append(transaction, &entry.by(by), now)?;
            find(transaction, &hash)?.ok_or(AccountsError::NotThere("token"))
        })?;
        Ok((token, text))
    }

    /// The tokens of an account, the newest first, also expired ones.
    ///
    /// # Errors
    /// The store failed.
    pub fn tokens(&self, account: &str) -> Result<Vec<Token>, AccountsError> {
        self.store.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM token WHERE account = ?1 ORDER BY created_at DESC, id");
            let mut statement = connection.prepare(&sql)?;
            let found = statement.query_map([account], read)?.collect::<Result<_, _>>();
            Ok(found?)
        })
    }

    /// Ends a token of an account, by its public identifier.
    ///
    /// # Errors
    /// The account has no such token, or the store failed.
    pub fn end_token(
        &self,
        account: &str,
        id: &str,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        self.store.write(|transaction| {
            if transaction.execute("DELETE FROM token WHERE account = ?1 AND id = ?2", (account, id))? == 0 {
                return Err(AccountsError::NotThere("token"));
            }
            let entry = Entry::done(Action::TokenEnded, &format!("{account} {id}"), "");
            audit::append(transaction, &entry.by(by), now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_token_is_told_by_its_checksum() {
        let random = random::secret_text().expect("random");
        let text = format!("{PREFIX}{random}{}", checksum(&random));
        assert!(hash_of(&text).is_some() && text.len() == 57);
        for at in PREFIX.len()..text.len() {
            let typo = if text.as_bytes()[at] == b'x' { "y" } else { "x" };
            let mut wrong = text.clone();
            wrong.replace_range(at..=at, typo);
            assert!(hash_of(&wrong).is_none(), "{wrong}");
        }
        for wrong in ["", "minemap_", &text[..56], &format!("{text}x"), "minemap_ї"] {
            assert!(hash_of(wrong).is_none());
        }
    }

    #[test]
    fn a_token_ends_within_a_year() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let ends = |day: &str| {
            let expires_on = day.parse().expect("a day");
            let (access, levels) = (TokenAccess::Read, TokenLevels::All);
            NewToken { name: "gis", access, levels, expires_on, second_factor: false }.expires_at(now)
        };
        assert_eq!(ends("2026-11-22").expect("good").to_string(), "2026-11-23T00:00:00Z");
        assert!(ends("2027-11-22").is_ok() && ends("2026-11-21").is_err() && ends("2027-11-24").is_err());
    }
}
