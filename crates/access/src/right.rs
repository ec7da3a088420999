//! What somebody may do, one by one.

/// One thing that a caller may do or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Read who made which version of a record, and why.
    ReadHistory,
    /// Read the register as it was known before.
    ReadPast,
    /// Read what waits for a second person.
    ReadProposals,
    /// Read findings of data quality.
    ReadFindings,
    /// Read who reported: personal data.
    ReadPersonal,
    /// Make and change records, and propose what takes hazard off the map.
    Write,
    /// Bring files of records in.
    Import,
    /// Say that a record was held against its source; accept a finding with a reason.
    Verify,
    /// Approve and reject what others have proposed.
    Approve,
    /// Make, change and disable accounts.
    ManageAccounts,
    /// Read the audit trail.
    ReadAudit,
}

impl Right {
    /// Every right, in the order of `docs/ROLES.md`.
    pub const ALL: [Right; 11] = [
        Self::ReadHistory,
        Self::ReadPast,
        Self::ReadProposals,
        Self::ReadFindings,
        Self::ReadPersonal,
        Self::Write,
        Self::Import,
        Self::Verify,
        Self::Approve,
        Self::ManageAccounts,
        Self::ReadAudit,
    ];

    /// Name in answers and in `docs/ROLES.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadHistory => "read_history",
            Self::ReadPast => "read_past",
            Self::ReadProposals => "read_proposals",
            Self::ReadFindings => "read_findings",
            Self::ReadPersonal => "read_personal",
            Self::Write => "write",
            Self::Import => "import",
            Self::Verify => "verify",
            Self::Approve => "approve",
            Self::ManageAccounts => "manage_accounts",
            Self::ReadAudit => "read_audit",
        }
    }

    /// Whether it only reads.
    pub fn only_reads(self) -> bool {
        use Right::{ReadAudit, ReadFindings, ReadHistory, ReadPast, ReadPersonal, ReadProposals};
        matches!(self, ReadHistory | ReadPast | ReadProposals | ReadFindings | ReadPersonal | ReadAudit)
    }
}
