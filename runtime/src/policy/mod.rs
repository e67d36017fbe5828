//! The requirements of operations as static data, and pure functions that evaluate a requirement
//! for a token.

mod claim_value;
mod code_demands;
mod const_equality;
mod demand;
pub(crate) mod description;
mod details_demand;
pub(crate) mod details_text;
pub(crate) mod display;
pub(crate) mod evaluation;
pub(crate) mod in_const;
mod operation;
mod request_facts;
pub(crate) mod requirement;
mod roles;
mod scope_name;
mod scope_sets;
mod scopes;
#[cfg(test)]
pub(crate) mod test_requirements;
#[cfg(any(test, feature = "__testing"))]
pub(crate) mod testing;

pub use self::claim_value::ClaimValue;
pub use self::code_demands::{CheckDemand, PolicyDemand};
pub use self::demand::Demand;
pub use self::details_demand::{DetailsDemand, DetailsMember};
pub use self::operation::{Operation, PublicOperation};
pub use self::requirement::Requirement;
pub use self::roles::Roles;
pub use self::scope_name::ScopeName;
pub use self::scopes::{ScopeEntry, Scopes};

pub(crate) use self::evaluation::{Verdict, judge};
pub(crate) use self::request_facts::{Answers, Facts, Lack};
pub(crate) use self::requirement::Fold;
pub(crate) use self::scope_sets::ScopeSets;
#[cfg(feature = "router")]
pub(crate) use self::{demand::Parts, requirement::Leaf};

/// The policy of one operation. `#[protected]` and `#[derive(Policy)]` implement this trait.
///
/// This example implements `Policy` by hand:
///
/// ```
/// use axum_protected::{Authorized, Policy};
/// use axum_protected::policy::{Demand, Operation, Requirement};
///
/// enum ReadItems {}
///
/// impl Policy for ReadItems {
///     type Checks = ();
///     const OPERATION: Operation =
///         Operation::new("read items", Requirement::One(Demand::Scope("items:read")));
/// }
///
/// async fn items(caller: Authorized<ReadItems>) -> String {
///     caller.token().scopes().collect::<Vec<_>>().join(" ")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "write `#[derive(Policy)]` and `#[policy(...)]` above this type"
)]
pub trait Policy {
    /// The tuple of the [`Check`](crate::check::Check)s to which the requirement refers by number.
    /// Only the attributes can create a requirement that refers to checks, so an implementation by
    /// hand sets `Checks` to `()`.
    type Checks;
    /// The operation that this policy protects, and its requirement.
    const OPERATION: Operation;
}

/// The declaration that an operation needs no token. `#[public]` implements this trait.
pub trait PublicAccess {
    /// The public operation, and the reason why everyone may call it.
    const OPERATION: PublicOperation;
}
