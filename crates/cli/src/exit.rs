//! How a command ended, as the exit codes that scripts hold on to.

use std::fmt;
use std::process::ExitCode;

/// Exit codes, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: all accepted.
    Done,
    /// 1: done, but records were refused or have findings of high severity.
    WithFindings,
    /// 2: wrong usage, or input that cannot be read at all.
    Usage,
    /// 3: the machine failed: disk, database.
    Machine,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not be carried through.
#[derive(Debug)]
pub struct Stopped {
    /// The exit code.
    pub exit: Exit,
    why: String,
}

impl Stopped {
    /// The input or the command line cannot be used.
    pub fn usage(why: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, why: why.to_string() }
    }

    /// Disk, database or another part of the machine failed.
    pub fn machine(why: impl fmt::Display) -> Self {
        Self { exit: Exit::Machine, why: why.to_string() }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}
