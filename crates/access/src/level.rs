//! Sharing levels.

/// Who a record is shared with (field `sharing`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everybody.
    Public,
    /// Organisations that work in the programme.
    Partners,
    /// The organisation that answers for the record, and the authority.
    Restricted,
}

impl Level {
    /// Every level, the most open first.
    pub const ALL: [Level; 3] = [Self::Public, Self::Partners, Self::Restricted];

    /// The level of that code; whatever is not known is restricted.
    pub fn of(code: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|level| Some(level.code()) == code).unwrap_or(Self::Restricted)
    }

    /// Code, as records have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Partners => "partners",
            Self::Restricted => "restricted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_restricted() {
        for code in [None, Some(""), Some("Public"), Some("public "), Some("secret")] {
            assert_eq!(Level::of(code), Level::Restricted);
        }
        for level in Level::ALL {
            assert_eq!(Level::of(Some(level.code())), level);
        }
    }
}
