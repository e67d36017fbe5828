//! The demand for an object of the claim `authorization_details` (RFC 9396).

use super::const_equality::{every, some, text_eq};
use crate::json::{Item, Object};

/// A demand for one object of the claim `authorization_details` (RFC 9396 section 2).
///
/// One object must have the demanded type and all demanded values. The values are compared code
/// point by code point (RFC 9396 section 12). An object that names other locations than this API
/// never satisfies a demand.
///
/// ```
/// use axum_protected::policy::{Demand, DetailsDemand, DetailsMember, Requirement};
///
/// const INITIATE: Requirement = Requirement::One(Demand::Details(DetailsDemand::new(
///     "payment_initiation",
///     &[(DetailsMember::Actions, "initiate")],
/// )));
/// assert_eq!(INITIATE.to_string(), "details payment_initiation (actions \"initiate\")");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetailsDemand {
    kind: &'static str,
    members: &'static [(DetailsMember, &'static str)],
}

/// A member of the objects in `authorization_details` that a policy can demand (RFC 9396 section
/// 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DetailsMember {
    /// `actions`, an array of the permitted actions.
    Actions,
    /// `locations`, an array of the resource servers that the object is for.
    Locations,
    /// `datatypes`, an array of the permitted kinds of data.
    Datatypes,
    /// `identifier`, the identifier of one resource.
    Identifier,
    /// `privileges`, an array of the permitted levels of privilege.
    Privileges,
}

impl DetailsMember {
    /// All members, in the order in which texts name them.
    pub(crate) const ALL: [Self; 5] =
        [Self::Actions, Self::Locations, Self::Datatypes, Self::Identifier, Self::Privileges];

    /// Returns the name of the member in a token.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Locations => "locations",
            Self::Datatypes => "datatypes",
            Self::Identifier => "identifier",
            Self::Privileges => "privileges",
        }
    }

    /// Returns true if an object has one string for this member, and not an array of strings.
    pub(crate) const fn is_single(self) -> bool {
        matches!(self, Self::Identifier)
    }
}

impl DetailsDemand {
    /// Creates a demand for one object with this `type` and all these values of members. Without
    /// values, every object of the type satisfies the demand.
    #[must_use]
    pub const fn new(
        kind: &'static str,
        members: &'static [(DetailsMember, &'static str)],
    ) -> Self {
        Self { kind, members }
    }

    /// Returns the demanded `type`.
    pub(crate) const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Returns each member that the demand names, with its demanded values in the order of the
    /// declaration.
    pub(crate) fn members(&self) -> impl Iterator<Item = (DetailsMember, Vec<&'static str>)> {
        DetailsMember::ALL.into_iter().filter_map(|member| {
            let named = self.members.iter().filter(|(other, _)| *other == member);
            let values: Vec<_> = named.map(|(_, value)| *value).collect();
            (!values.is_empty()).then_some((member, values))
        })
    }

    /// Returns true if an object of the demanded type has all demanded values. A member of another
    /// JSON type than RFC 9396 section 2.2 states has no values.
    pub(super) fn is_satisfied_by(&self, object: Object<'_>) -> bool {
        self.members.iter().all(|(member, wanted)| match object.get(member.name()) {
            Some(Item::String(value)) => member.is_single() && value == *wanted,
            Some(Item::Array(values)) => {
                !member.is_single() && values.items().any(|value| value.as_str() == Some(wanted))
            }
            _ => false,
        })
    }

    /// Returns true if each object that satisfies this demand also satisfies the other demand.
    pub(super) const fn implies(&self, other: &Self) -> bool {
        let wanted = other.members;
        text_eq(self.kind, other.kind) && every!(pair in wanted => self.names(pair.0, pair.1))
    }

    const fn names(&self, member: DetailsMember, value: &str) -> bool {
        let members = self.members;
        some!(pair in members => text_eq(pair.0.name(), member.name()) && text_eq(pair.1, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INITIATE: &[(DetailsMember, &str)] = &[(DetailsMember::Actions, "initiate")];
    const BOTH: &[(DetailsMember, &str)] = &[
        (DetailsMember::Actions, "status"),
        (DetailsMember::Identifier, "14"),
        (DetailsMember::Actions, "initiate"),
    ];

    #[test]
    fn a_demand_implies_each_demand_with_some_of_its_values() {
        let [any, initiate, both, other] =
            [("a", &[][..]), ("a", INITIATE), ("a", BOTH), ("b", BOTH)]
                .map(|(kind, members)| DetailsDemand::new(kind, members));
        for (this, implied, expected) in [
            (any, any, true),
            (initiate, any, true),
            (both, initiate, true),
            (both, both, true),
            (any, initiate, false),
            (initiate, both, false),
            (other, both, false),
            (both, other, false),
            (
                DetailsDemand::new("a", const { &[(DetailsMember::Datatypes, "initiate")] }),
                initiate,
                false,
            ),
        ] {
            assert_eq!(this.implies(&implied), expected, "{this} {implied}");
        }
    }
}
