//! The second factor of an account: an authenticator app, and codes for the day it is lost.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::account::needed;
use crate::administration::take_second_factor;
use crate::audit::{self, Action, By, Entry};
use crate::random::{self, base32, sha256};
use crate::session::Session;
use crate::{Accounts, AccountsError, totp};

/// Codes for the day the app is lost.
const RECOVERY_CODES: usize = 10;

/// What an authenticator app needs.
pub struct SecondFactorBegun {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The same as an address (`otpauth://…`), for a picture.
    pub uri: String,
}

impl Accounts {
    /// Begins to set a second factor up: it takes effect when a first code is given.
    ///
    /// # Errors
    /// The password is not right, there were too many tries, or one is set up already.
    pub fn begin_second_factor(
        &self,
        session: &Session,
        password: &str,
        now: Timestamp,
    ) -> Result<SecondFactorBegun, AccountsError> {
        self.prove(session, password, now)?;
        let secret = random::bytes::<20>()?;
        let id = &session.account;
        self.store.write(|transaction| {
            if needed(transaction, id)?.second_factor {
                let why = "a second factor is set up already; take it off first";
                return Err(AccountsError::SecondFactorState(why));
            }
            let set = "UPDATE account SET totp_secret = ?2, totp_step = 0 WHERE id = ?1";
            transaction.execute(set, (id, secret))?;
            Ok(())
        })?;
        Ok(SecondFactorBegun { secret: base32(&secret), uri: totp::uri(&secret, id) })
    }

    /// Sets the second factor up, shown that the app has it. Answers ten recovery codes, good once each.
    ///
    /// # Errors
    /// The code is not right, there were too many tries, or nothing was begun.
    pub fn confirm_second_factor(
        &self,
        session: &Session,
        code: &str,
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<Vec<String>, AccountsError> {
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| random::for_people(4)).collect::<Result<_, _>>()?;
        let id = &session.account;
        self.counted(session, now, || {
            self.store.write(|transaction| {
                let (secret, is_set, _) = secret_of(transaction, id)?;
                let begun = secret.filter(|_| !is_set);
                let state = AccountsError::SecondFactorState("no second factor is being set up");
                let step = totp::step_of(&begun.ok_or(state)?, code, now, 0);
                let step = step.ok_or(AccountsError::SecondFactorFailed)?;
                let set = "UPDATE account SET totp_confirmed = 1, totp_step = ?2 WHERE id = ?1";
                transaction.execute(set, (id, step))?;
                transaction.execute("UPDATE session SET second_factor = 1 WHERE id = ?1", [&session.id])?;
                for code in &codes {
                    let row = (id, recovery_hash(id, code));
                    transaction.execute("INSERT INTO recovery_code (account, hash) VALUES (?1, ?2)", row)?;
                }
                audit::append(transaction, &Entry::done(Action::SecondFactor, id, "set up").by(by), now)
            })
        })?;
        Ok(codes)
    }

    /// Takes one's own second factor off.
    ///
    /// # Errors
    /// The password or the code is not right, or there were too many tries.
    pub fn remove_second_factor(
        &self,
        session: &Session,
        (password, code): (&str, &str),
        by: &By<'_>,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        self.prove(session, password, now)?;
        let id = &session.account;
        self.counted(session, now, || {
            self.store.write(|transaction| {
                use_code(transaction, id, code, now)?;
                take_second_factor(transaction, id)?;
                transaction.execute("UPDATE session SET second_factor = 0 WHERE account = ?1", [id])?;
                audit::append(transaction, &Entry::done(Action::SecondFactor, id, "taken off").by(by), now)
            })
        })
    }
}

/// The secret, whether it is set up, and the last step that was used.
fn secret_of(connection: &Connection, id: &str) -> Result<(Option<Vec<u8>>, bool, i64), AccountsError> {
    let sql = "SELECT totp_secret, totp_confirmed, totp_step FROM account WHERE id = ?1";
    Ok(connection.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Uses a code of the app or a recovery code up.
///
/// # Errors
/// It is neither, or was used before.
pub(crate) fn use_code(
    connection: &Connection,
    id: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), AccountsError> {
    let (secret, is_set, last) = secret_of(connection, id)?;
    let secret =
        secret.filter(|_| is_set).ok_or(AccountsError::SecondFactorState("no second factor is set up"))?;
    if let Some(step) = totp::step_of(&secret, code, now, last) {
        connection.execute("UPDATE account SET totp_step = ?2 WHERE id = ?1", (id, step))?;
        return Ok(());
    }
    let used = "DELETE FROM recovery_code WHERE account = ?1 AND hash = ?2";
    match connection.execute(used, (id, recovery_hash(id, code)))? {
        0 => Err(AccountsError::SecondFactorFailed),
        _ => Ok(()),
    }
}

fn recovery_hash(account: &str, code: &str) -> [u8; 32] {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256(&[b"recovery code", account.as_bytes(), bare.to_ascii_lowercase().as_bytes()])
}
