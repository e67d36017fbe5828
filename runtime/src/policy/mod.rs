//! The requirements of operations as static data, and their evaluation for a token. Pure functions.

mod claim_value;
mod const_equality;
mod demand;
pub(crate) mod description;
pub(crate) mod display;
pub(crate) mod evaluation;
pub(crate) mod in_const;
mod operation;
mod request_facts;
pub(crate) mod requirement;
mod scope_sets;
mod scopes;
#[cfg(test)]
pub(crate) mod shorthand;
#[cfg(any(test, feature = "__testing"))]
pub(crate) mod testing;
mod user_code;

pub use self::claim_value::ClaimValue;
pub use self::demand::Demand;
pub use self::operation::{Operation, PublicOperation};
pub use self::requirement::Requirement;
pub use self::scopes::{ScopeEntry, Scopes};
pub use self::user_code::{CheckDemand, PolicyDemand};

pub(crate) use self::evaluation::{Verdict, judge};
pub(crate) use self::request_facts::{Answers, Facts, Lack};
pub(crate) use self::scope_sets::ScopeSets;
#[cfg(feature = "router")]
pub(crate) use self::{
    demand::Parts,
    requirement::{Fold, Leaf},
};

/// The policy of one operation. `#[protected]` and `#[derive(Policy)]` write the implementation.
///
/// An implementation by hand:
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
    /// The checks that the requirement refers to by number: a tuple of
    /// [`Check`](crate::check::Check)s. Only the attributes can write such references; in an
    /// implementation by hand this is `()`.
    type Checks;
    /// The operation and its requirement.
    const OPERATION: Operation;
}

/// The declaration that an operation needs no token. `#[public]` writes the implementation.
pub trait PublicAccess {
    /// The operation and the reason.
    const OPERATION: PublicOperation;
}
