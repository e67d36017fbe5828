//! What an operation demands of a token, as static data, and whether a token satisfies it.

use crate::token::AccessToken;

/// The policy of one operation. The attribute `#[protected]` writes the implementation.
///
/// Written by hand, it names a policy for [`Authorized`](crate::Authorized) without an attribute:
///
/// ```
/// use axum_protected::{Authorized, Operation, Policy, Requirement};
///
/// enum ReadItems {}
///
/// impl Policy for ReadItems {
///     const OPERATION: Operation =
///         Operation::new("read items", Requirement::Scope("items:read"));
/// }
///
/// async fn items(caller: Authorized<ReadItems>) -> String {
///     caller.token().scopes().collect::<Vec<_>>().join(" ")
/// }
/// ```
pub trait Policy {
    /// What is demanded, and of which operation.
    const OPERATION: Operation;
}

/// The declaration that an operation needs no token. `#[public]` writes the implementation.
pub trait PublicAccess {
    /// The path of the handler.
    const HANDLER: &'static str;
    /// Why anybody may call it.
    const REASON: &'static str;
}

/// An operation and its requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// What the log calls it; for a handler its path.
    pub name: &'static str,
    /// What a token must satisfy.
    pub requirement: Requirement,
}

impl Operation {
    /// An operation of this name that demands this.
    #[must_use]
    pub const fn new(name: &'static str, requirement: Requirement) -> Self {
        Self { name, requirement }
    }
}

/// A tree of demands on a token that is already known to be valid.
///
/// ```
/// use axum_protected::Requirement::{All, Any, Scope};
///
/// let requirement = Any(&[Scope("items:admin"), All(&[Scope("a"), Scope("b")])]);
/// assert_eq!(requirement.scopes(), ["items:admin"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// Every one of these; none at all demands only that the token is valid.
    All(&'static [Self]),
    /// At least one of these; none at all can never be satisfied.
    Any(&'static [Self]),
    /// This scope.
    Scope(&'static str),
}

impl Requirement {
    /// Whether the token satisfies it.
    pub(crate) fn is_satisfied_by(&self, token: &AccessToken) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.is_satisfied_by(token)),
            Self::Any(members) => members.iter().any(|member| member.is_satisfied_by(token)),
            Self::Scope(scope) => token.has_scope(scope),
        }
    }

    /// Scopes that together satisfy it, in the order they were written and each once: what a
    /// client should ask for (RFC 6750 section 3). Of alternatives the first.
    #[must_use]
    pub fn scopes(&self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        self.collect(&mut scopes);
        scopes
    }

    fn collect(&self, scopes: &mut Vec<&'static str>) {
        match self {
            Self::All(members) => members.iter().for_each(|member| member.collect(scopes)),
            Self::Any(members) => members
                .iter()
                .take(1)
                .for_each(|first| first.collect(scopes)),
            Self::Scope(scope) if scopes.contains(scope) => {}
            Self::Scope(scope) => scopes.push(scope),
        }
    }
}
