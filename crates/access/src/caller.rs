//! Somebody who asks.

use std::sync::Arc;

use model::Bounds;
use serde::{Deserialize, Serialize};

use crate::{Owners, Right, Role, Scope};

/// A role in an organisation and an area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Code of the organisation whose records it is about; `None` is every organisation's.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Where the role may write and decide: west, south, east, north in degrees; `None` is everywhere. It does not
    /// narrow what is read.
    #[serde(default)]
    pub area: Option<[f64; 4]>,
}

impl Grant {
    /// Whether it is about the records of an organisation; records of none are only in a grant for all.
    fn is_about(&self, owner: Option<&str>) -> bool {
        self.organisation.as_deref().is_none_or(|own| Some(own) == owner)
    }

    /// Whether a box lies within its area. What has no place is everywhere.
    fn holds(&self, bounds: Option<Bounds>) -> bool {
        let (Some([west, south, east, north]), Some(b)) = (self.area, bounds) else { return true };
        west <= b.west && b.east <= east && south <= b.south && b.north <= north
    }
}

/// Somebody who asks, with what they were granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    account: Option<Arc<str>>,
    name: Arc<str>,
    grants: Arc<[Grant]>,
    only_reads: bool,
    is_workstation: bool,
}

impl Caller {
    /// Somebody who has not signed in.
    pub fn public() -> Self {
        Self {
            account: None,
            name: "public".into(),
            grants: [].into(),
            only_reads: true,
            is_workstation: false,
        }
    }

    /// Whoever sits at the machine of a register that has no accounts yet: reads everything, writes nothing.
    pub fn workstation() -> Self {
        Self { is_workstation: true, name: "workstation".into(), ..Self::public() }
    }

    /// The holder of an account. `only_reads` takes every right to write off the grants: for tokens that only read.
    pub fn signed_in(account: &str, name: &str, grants: Vec<Grant>, only_reads: bool) -> Self {
        let (account, name, grants) = (Some(account.into()), name.into(), grants.into());
        Self { account, name, grants, only_reads, is_workstation: false }
    }

    /// The account; `None` for whoever has not signed in.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The account's name, or `public`, or `workstation`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was granted.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether the caller may do it for some record.
    pub fn may_somewhere(&self, right: Right) -> bool {
        if self.is_workstation {
            return right.only_reads() && right != Right::ReadAudit;
        }
        self.has(right).next().is_some()
    }

    /// Whether the caller may do it for a record of an organisation, in a box.
    pub fn may(&self, right: Right, owner: Option<&str>, bounds: Option<Bounds>) -> bool {
        if self.is_workstation {
            return self.may_somewhere(right);
        }
        self.has(right).any(|grant| grant.is_about(owner) && (right.only_reads() || grant.holds(bounds)))
    }

    fn has(&self, right: Right) -> impl Iterator<Item = &Grant> {
        let is_allowed = right.only_reads() || !self.only_reads;
        self.grants.iter().filter(move |grant| is_allowed && grant.role.allows(right))
    }

    /// What the caller sees.
    pub fn scope(&self) -> Scope {
        if self.is_workstation {
            return Scope::whole();
        }
        let of = |is_meant: &dyn Fn(Role) -> bool| {
            let meant = self.grants.iter().filter(|grant| is_meant(grant.role));
            meant.fold(Owners::none(), |owners, grant| owners.and(grant.organisation.as_deref()))
        };
        Scope::of(
            !self.grants.is_empty(),
            of(&Role::reads_restricted),
            of(&|role| role.allows(Right::ReadPersonal)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Level, Sight};

    fn grant(role: Role, organisation: Option<&str>) -> Grant {
        Grant { role, organisation: organisation.map(str::to_owned), area: None }
    }

    fn holder(grants: Vec<Grant>) -> Caller {
        Caller::signed_in("olena", "Olena", grants, false)
    }

    #[test]
    fn a_grant_is_good_for_its_organisation_and_no_other() {
        let caller = holder(vec![grant(Role::Approver, Some("dsns"))]);
        assert!(caller.may(Right::Approve, Some("dsns"), None));
        assert!(!caller.may(Right::Approve, Some("halo"), None));
        assert!(!caller.may(Right::Approve, None, None));
        assert!(holder(vec![grant(Role::Approver, None)]).may(Right::Approve, None, None));
    }

    #[test]
    fn an_area_bounds_what_is_written_and_not_what_is_read() {
        let area = Some([30.0, 48.0, 32.0, 50.0]);
        let caller = holder(vec![Grant { area, ..grant(Role::Verifier, None) }]);
        let inside = Bounds { west: 31.0, south: 49.0, east: 31.1, north: 49.1 };
        let over = Bounds { east: 32.1, ..inside };
        assert!(caller.may(Right::Write, None, Some(inside)));
        assert!(!caller.may(Right::Write, None, Some(over)));
        assert!(caller.may(Right::ReadPersonal, None, Some(over)));
    }

    #[test]
    fn whoever_only_reads_writes_nothing_whatever_the_role() {
        let all = Role::ALL.map(|role| grant(role, None)).to_vec();
        let caller = Caller::signed_in("gis", "GIS", all, true);
        for right in Right::ALL {
            assert_eq!(caller.may_somewhere(right), right.only_reads(), "{right:?}");
        }
    }

    #[test]
    fn restricted_records_are_seen_by_their_organisation_only() {
        let scope = holder(vec![grant(Role::DataEntry, Some("dsns")), grant(Role::Partner, None)]).scope();
        assert_eq!(scope.sight(Level::Restricted, Some("dsns")), Sight::Exact);
        assert_eq!(scope.sight(Level::Restricted, Some("halo")), Sight::PublicForm);
        assert_eq!(scope.sight(Level::Restricted, None), Sight::PublicForm);
        assert_eq!(scope.sight(Level::Partners, None), Sight::Exact);
        assert!(!scope.opens_personal(Some("dsns")));
        let public = Caller::public().scope();
        assert!(public.is_public() && Level::ALL.iter().all(|l| public.sight(*l, None) == Sight::PublicForm));
    }
}
