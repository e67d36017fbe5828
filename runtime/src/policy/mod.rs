//! What an operation demands of a token, as static data, and whether a token satisfies it. Pure.

mod agreement;
pub(crate) mod evaluation;
mod exclusion;
mod implication;
mod leaves;
mod operation;
mod proof;
mod requirement;
mod scope_sets;
#[cfg(feature = "__testing")]
pub(crate) mod testing;
mod vocabulary;
pub(crate) mod words;

pub use self::agreement::agrees;
pub use self::exclusion::possible;
pub use self::implication::{Joint, Other, needed};
pub use self::operation::{Operation, PublicOperation};
pub use self::proof::proves;
pub use self::requirement::{ClaimValue, Requirement};
pub use self::vocabulary::{ScopeEntry, Scopes};

pub(crate) use self::evaluation::{Answers, Facts, Lack, Verdict, judge, scopes_that_help};

/// The policy of one operation. `#[protected]` and `#[derive(Policy)]` write the implementation.
///
/// Written by hand:
///
/// ```
/// use axum_protected::{Authorized, Operation, Policy, Requirement};
///
/// enum ReadItems {}
///
/// impl Policy for ReadItems {
///     type Checks = ();
///     const OPERATION: Operation =
///         Operation::new("read items", Requirement::Scope("items:read"));
/// }
///
/// async fn items(caller: Authorized<ReadItems>) -> String {
///     caller.token().scopes().collect::<Vec<_>>().join(" ")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no policy",
    label = "write `#[derive(Policy)]` and `#[policy(...)]` above this type"
)]
pub trait Policy {
    /// The checks that the requirement names by their number: a tuple of [`Check`](crate::Check)s,
    /// `()` for none.
    type Checks;
    /// What is demanded, and of which operation.
    const OPERATION: Operation;
}

/// The declaration that an operation needs no token. `#[public]` writes the implementation.
pub trait PublicAccess {
    /// Why, and of which operation.
    const OPERATION: PublicOperation;
}
