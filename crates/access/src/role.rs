//! Roles, and the one table of what each may do. `docs/ROLES.md` is the same table for people, and the tests' input.

use serde::{Deserialize, Serialize};

use crate::Right;

/// What somebody is in the programme (after the roles of IMSMA: guest, data entry, data verification, operations,
/// administrator). Whoever has no grant is *public*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads what is shared with partners.
    Partner,
    /// Enters and changes the records of an organisation.
    DataEntry,
    /// Holds records against their sources.
    Verifier,
    /// Decides on what takes hazard off the map.
    Approver,
    /// Manages accounts and reads the audit trail; decides nothing about hazards.
    Administrator,
}

impl Role {
    /// Every role, in the order of `docs/ROLES.md`.
    pub const ALL: [Role; 5] =
        [Self::Partner, Self::DataEntry, Self::Verifier, Self::Approver, Self::Administrator];

    /// Name in requests, answers and `docs/ROLES.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::DataEntry => "data_entry",
            Self::Verifier => "verifier",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether the role has a right, for the records of its organisation and area.
    pub fn allows(self, right: Right) -> bool {
        use Right::{
            Approve, Import, ManageAccounts, ReadAudit, ReadFindings, ReadHistory, ReadPast, ReadPersonal,
            ReadProposals, Verify, Write,
        };
        match right {
            ReadHistory | ReadPast | ReadProposals | ReadFindings => true,
            Write | Import => matches!(self, Self::DataEntry | Self::Verifier | Self::Approver),
            ReadPersonal | Verify => matches!(self, Self::Verifier | Self::Approver),
            Approve => self == Self::Approver,
            ManageAccounts | ReadAudit => self == Self::Administrator,
        }
    }

    /// Whether the role sees restricted records of its organisation as they are.
    pub fn reads_restricted(self) -> bool {
        self != Self::Partner
    }

    /// Whether somebody with the role signs in with a second factor.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::Approver | Self::Administrator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
    }

    #[test]
    fn whoever_manages_accounts_decides_nothing_about_hazards() {
        for role in Role::ALL.into_iter().filter(|role| role.allows(Right::ManageAccounts)) {
            assert!(!role.allows(Right::Write) && !role.allows(Right::Approve));
        }
    }
}
