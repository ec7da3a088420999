//! The audit trail: who did what, numbered without gaps, each entry hashed with the one before it.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::random::sha256;
use crate::store::{stored, time};
use crate::{Accounts, AccountsError};

/// Entries that a walk along the trail reads at once.
const VERIFIED_AT_ONCE: usize = 5_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the codes of the HTTP interface")]
pub enum Action {
    SignIn,
    SignInRefused,
    SignOut,
    SecondFactor,
    Password,
    TokenMade,
    TokenEnded,
    AccountMade,
    AccountChanged,
    AccountDisabled,
    Setup,
    Refused,
    ReadRestricted,
    Export,
    Approval,
    Rejection,
    Write,
    Configuration,
    Import,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 19] = [
        Self::SignIn,
        Self::SignInRefused,
        Self::SignOut,
        Self::SecondFactor,
        Self::Password,
        Self::TokenMade,
        Self::TokenEnded,
        Self::AccountMade,
        Self::AccountChanged,
        Self::AccountDisabled,
        Self::Setup,
        Self::Refused,
        Self::ReadRestricted,
        Self::Export,
        Self::Approval,
        Self::Rejection,
        Self::Write,
        Self::Configuration,
        Self::Import,
    ];

    /// Code in answers and in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignOut => "sign_out",
            Self::SecondFactor => "second_factor",
            Self::Password => "password",
            Self::TokenMade => "token_made",
            Self::TokenEnded => "token_ended",
            Self::AccountMade => "account_made",
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::Setup => "setup",
            Self::Refused => "refused",
            Self::ReadRestricted => "read_restricted",
            Self::Export => "export",
            Self::Approval => "approval",
            Self::Rejection => "rejection",
            Self::Write => "write",
            Self::Configuration => "configuration",
            Self::Import => "import",
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// Code in answers and in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// Who does something, and from where.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The account; `None` for somebody on the machine itself and for whoever has not signed in.
    pub account: Option<&'a str>,
    /// Name for people.
    pub name: &'a str,
    /// Network address; empty for a command on the machine itself.
    pub address: &'a str,
}

/// What is to be noted. Nothing secret belongs in it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The account that did it.
    pub account: Option<String>,
    /// Its name.
    pub name: String,
    /// What was done.
    pub action: Action,
    /// To what: a record, an account, a token, a path.
    pub object: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Network address.
    pub address: String,
    /// More, for people.
    pub detail: String,
}

impl Entry {
    /// Something that was done, by nobody yet.
    pub fn done(action: Action, object: &str, detail: &str) -> Self {
        let (object, detail) = (object.to_owned(), detail.to_owned());
        let (account, name, address) = (None, String::new(), String::new());
        Self { account, name, action, object, outcome: Outcome::Done, address, detail }
    }

    /// Something that was refused.
    pub fn refused(action: Action, object: &str, detail: &str) -> Self {
        Self { outcome: Outcome::Refused, ..Self::done(action, object, detail) }
    }

    /// Done by them.
    pub fn by(self, by: &By<'_>) -> Self {
        let account = by.account.map(str::to_owned);
        Self { account, name: by.name.to_owned(), address: by.address.to_owned(), ..self }
    }
}

/// An entry as it stands in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in Entry")]
pub struct Noted {
    pub number: u64,
    pub at: Timestamp,
    pub account: Option<String>,
    pub name: String,
    pub action: String,
    pub object: String,
    pub outcome: String,
    pub address: String,
    pub detail: String,
    hash: [u8; 32],
}

impl Noted {
    fn hashed(&self, before: &[u8; 32]) -> [u8; 32] {
        let (number, at) = (self.number.to_be_bytes(), stored(self.at).to_be_bytes());
        let is_signed_in = [u8::from(self.account.is_some())];
        sha256(&[
            before,
            &number,
            &at,
            &is_signed_in,
            self.account.as_deref().unwrap_or("").as_bytes(),
            self.name.as_bytes(),
            self.action.as_bytes(),
            self.object.as_bytes(),
            self.outcome.as_bytes(),
            self.address.as_bytes(),
            self.detail.as_bytes(),
        ])
    }
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Those with a greater number than this one.
    pub since: u64,
    /// Those of this account.
    pub account: Option<&'a str>,
    /// Those of this action, by its code.
    pub action: Option<&'a str>,
}

/// What a walk along the whole trail found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditChecked {
    /// How many entries there are.
    pub entries: u64,
    /// The first entry that does not follow from the one before it; `None`: all do.
    pub broken_at: Option<u64>,
}

const COLUMNS: &str = "number, at, account, name, action, object, outcome, address, detail, hash";

fn read(row: &Row<'_>) -> Result<Noted, rusqlite::Error> {
    Ok(Noted {
        number: row.get::<_, i64>(0)?.unsigned_abs(),
        at: time(row.get(1)?)?,
        account: row.get(2)?,
        name: row.get(3)?,
        action: row.get(4)?,
        object: row.get(5)?,
        outcome: row.get(6)?,
        address: row.get(7)?,
        detail: row.get(8)?,
        hash: row.get(9)?,
    })
}

/// Adds an entry within a transaction.
pub(crate) fn append(connection: &Connection, entry: &Entry, now: Timestamp) -> Result<(), AccountsError> {
    let last = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1";
    let last: Option<(i64, [u8; 32])> =
        connection.prepare_cached(last)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (before, hash) = last.unwrap_or((0, [0; 32]));
    let mut noted = Noted {
        number: before.unsigned_abs() + 1,
        at: time(stored(now))?,
        account: entry.account.clone(),
        name: entry.name.clone(),
        action: entry.action.code().to_owned(),
        object: entry.object.clone(),
        outcome: entry.outcome.code().to_owned(),
        address: entry.address.clone(),
        detail: entry.detail.clone(),
        hash: [0; 32],
    };
    noted.hash = noted.hashed(&hash);
    let Noted { account, name, action, object, outcome, address, detail, hash, .. } = &noted;
    connection
        .prepare_cached(&format!(
            "INSERT INTO audit ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ))?
        .execute((before + 1, stored(now), account, name, action, object, outcome, address, detail, hash))?;
    Ok(())
}

impl Accounts {
    /// Notes something; it is durable when this returns.
    ///
    /// # Errors
    /// The store failed: then what was to be noted must not be answered.
    pub fn note(&self, entry: &Entry, now: Timestamp) -> Result<(), AccountsError> {
        self.store.write_aside(|transaction| append(transaction, entry, now))
    }

    /// A page of the trail, oldest first, and the number to go on from where there are more.
    ///
    /// # Errors
    /// The store failed.
    pub fn audit(
        &self,
        filter: &Filter<'_>,
        limit: usize,
    ) -> Result<(Vec<Noted>, Option<u64>), AccountsError> {
        let mut sql = format!("SELECT {COLUMNS} FROM audit WHERE number > ?1");
        let since = i64::try_from(filter.since).unwrap_or(i64::MAX);
        let mut values = vec![Value::from(since)];
        for (column, value) in [("account", filter.account), ("action", filter.action)] {
            if let Some(value) = value {
                values.push(value.to_owned().into());
                sql.push_str(&format!(" AND {column} = ?{}", values.len()));
            }
        }
        sql.push_str(&format!(" ORDER BY number LIMIT {}", limit.saturating_add(1)));
        self.store.read(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let found = statement.query_map(params_from_iter(values), read)?.collect::<Result<Vec<_>, _>>();
            let mut found = found?;
            let next = (found.len() > limit).then(|| found[..limit].last().map_or(0, |last| last.number));
            found.truncate(limit);
            Ok((found, next))
        })
    }

    /// Walks the whole trail: numbers without gaps, and each hash from the one before it. It tells that an entry was
    /// altered or taken out; not that the newest were cut off or the whole rewritten by whoever owns the file.
    ///
    /// # Errors
    /// The store failed.
    pub fn verify_audit(&self) -> Result<AuditChecked, AccountsError> {
        let (mut entries, mut before) = (0_u64, [0; 32]);
        // In parts: whoever asks meanwhile does not wait for the whole trail.
        loop {
            let (part, next) =
                self.audit(&Filter { since: entries, ..Filter::default() }, VERIFIED_AT_ONCE)?;
            for noted in part {
                entries += 1;
                if noted.number != entries || noted.hash != noted.hashed(&before) {
                    return Ok(AuditChecked { entries, broken_at: Some(noted.number) });
                }
                before = noted.hash;
            }
            if next.is_none() {
                return Ok(AuditChecked { entries, broken_at: None });
            }
        }
    }
}
