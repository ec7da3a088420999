//! Who may see and do what, decided in one place before the question is asked.
//!
//! A [`Caller`] has [`Grant`]s of [`Role`]s. What the roles may do is one table ([`Role::allows`]), what a caller sees
//! is a [`Scope`], made only here: every question to the register takes one. What everybody may see of a record is the
//! programme's policy ([`Publication`]).

mod caller;
mod level;
mod publication;
mod right;
mod role;
mod scope;

pub use caller::{Caller, Grant};
pub use level::Level;
pub use publication::{Form, Publication, Rule, RuleError, Secret};
pub use right::Right;
pub use role::Role;
pub use scope::{Owners, Scope, Sight};
