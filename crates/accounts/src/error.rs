//! Why something about accounts is refused, or failed.

use std::path::PathBuf;

/// A refusal (somebody may not, or asked wrongly) or a failure (the machine broke).
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file is something else.
    #[error("{} is not a file of accounts of minemap", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version of this program.
    #[error("{} has format {found}; this version reads up to {known}", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this version reads.
        known: i64,
    },
    /// Others on the machine could read hashes of passwords and secrets of second factors.
    #[error("{0} can be read by others on this machine; take that off: chmod 600 {0}", path.display())]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
    },
    /// An identifier, name, grant or other value that cannot be used.
    #[error("{0}")]
    BadValue(String),
    /// A password that is not accepted; the text says why.
    #[error("{0}")]
    BadPassword(String),
    /// Nobody has that identifier.
    #[error("there is no account {0:?}")]
    NoAccount(String),
    /// Somebody has that identifier.
    #[error("there is an account {0:?} already")]
    AccountExists(String),
    /// Nobody could manage accounts any more.
    #[error("{0:?} is the last enabled administrator: make another one first")]
    LastAdministrator(String),
    /// Unknown account, wrong password, disabled account: the same for all, so that nobody learns which.
    #[error("the account or the password is not right, or the account is disabled")]
    SignInFailed,
    /// The password is right; the code of the second factor is missing.
    #[error("the code of the second factor is needed")]
    SecondFactorNeeded,
    /// The password is right; the code is not, or was used before.
    #[error("the code of the second factor is not right, or was used before")]
    SecondFactorFailed,
    /// The second factor is not in a state in which that can be done.
    #[error("{0}")]
    SecondFactorState(&'static str),
    /// Too many tries.
    #[error("too many tries; try again in {retry_after_s} s")]
    TooManyTries {
        /// When the next try is looked at, in seconds.
        retry_after_s: u64,
    },
    /// Too many passwords are being checked at the same time.
    #[error("too many sign-ins at the same time; try again")]
    Busy,
    /// A session, token or device that there is not (any more).
    #[error("there is no such {0}")]
    NotThere(&'static str),
    /// The one-time token of the first administrator is not right, was used, or was tried too often.
    #[error(
        "the one-time token is not right or not valid any more; a new one is shown when the server starts"
    )]
    SetupRefused,
    /// There is an administrator already.
    #[error("there is an administrator already")]
    SetupDone,
    /// The audit trail cannot take more: what would have been noted must not happen.
    #[error("the audit trail cannot be written")]
    AuditStopped,
    /// The file does not fit together.
    #[error("the accounts are damaged: {0}")]
    Damaged(String),
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// No random numbers from the operating system.
    #[error("no random numbers from the operating system: {0}")]
    Random(#[from] getrandom::Error),
    /// A password could not be hashed.
    #[error("hashing a password: {0}")]
    Hash(argon2::password_hash::Error),
    /// SQLite failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
}

impl AccountsError {
    /// Whether the machine broke: such an error is logged, and its text is not for the caller.
    pub fn is_failure(&self) -> bool {
        use AccountsError as E;
        match self {
            E::AuditStopped | E::Damaged(_) | E::File { .. } | E::Random(_) | E::Hash(_) | E::Database(_) => {
                true
            }
            E::NotOurs { .. }
            | E::NewerFormat { .. }
            | E::ReadableByOthers { .. }
            | E::BadValue(_)
            | E::BadPassword(_)
            | E::NoAccount(_)
            | E::AccountExists(_)
            | E::LastAdministrator(_)
            | E::SignInFailed
            | E::SecondFactorNeeded
            | E::SecondFactorFailed
            | E::SecondFactorState(_)
            | E::TooManyTries { .. }
            | E::Busy
            | E::NotThere(_)
            | E::SetupRefused
            | E::SetupDone => false,
        }
    }
}
