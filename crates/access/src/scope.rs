//! What a caller sees. It cannot be built outside this crate.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Level;

/// Organisations whose records are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owners {
    /// Every organisation's, and those of none.
    All,
    /// Those of these organisations only.
    These(BTreeSet<Arc<str>>),
}

impl Owners {
    pub(crate) fn none() -> Self {
        Self::These(BTreeSet::new())
    }

    /// These and one more; `None` is all.
    pub(crate) fn and(self, organisation: Option<&str>) -> Self {
        match (self, organisation) {
            (Self::All, _) | (_, None) => Self::All,
            (Self::These(mut codes), Some(code)) => {
                codes.insert(code.into());
                Self::These(codes)
            }
        }
    }

    fn hold(&self, owner: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::These(codes) => owner.is_some_and(|owner| codes.contains(owner)),
        }
    }
}

/// How the records of a compartment are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// As they are.
    Exact,
    /// As everybody sees them, by the programme's policy.
    PublicForm,
}

/// What a caller sees: which compartments (level and owning organisation) as they are, and the others in their public
/// form. Nobody sees less than the public.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope(Sees);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Sees {
    PublicForms,
    Partners { restricted: Owners, personal: Owners },
}

impl Scope {
    pub(crate) fn of(is_partner: bool, restricted: Owners, personal: Owners) -> Self {
        Self(if is_partner { Sees::Partners { restricted, personal } } else { Sees::PublicForms })
    }

    /// Everything as it is: for the register itself and for commands on the store's own machine, never for an answer
    /// to somebody else.
    pub fn whole() -> Self {
        Self::of(true, Owners::All, Owners::All)
    }

    /// Whether only public forms are seen: then all numbering is the public's own.
    pub fn is_public(&self) -> bool {
        self.0 == Sees::PublicForms
    }

    /// How the records of a level and an organisation are seen.
    pub fn sight(&self, level: Level, owner: Option<&str>) -> Sight {
        match (&self.0, level) {
            (Sees::PublicForms, _) => Sight::PublicForm,
            (Sees::Partners { .. }, Level::Public | Level::Partners) => Sight::Exact,
            (Sees::Partners { restricted, .. }, Level::Restricted) if restricted.hold(owner) => Sight::Exact,
            (Sees::Partners { .. }, Level::Restricted) => Sight::PublicForm,
        }
    }

    /// Whether personal data of an organisation's records is seen.
    pub fn opens_personal(&self, owner: Option<&str>) -> bool {
        matches!(&self.0, Sees::Partners { personal, .. } if personal.hold(owner))
    }

    /// Whether restricted records of some organisation are seen: what is read then is noted.
    pub fn opens_restricted(&self) -> bool {
        matches!(&self.0, Sees::Partners { restricted, .. } if *restricted != Owners::none())
    }
}
