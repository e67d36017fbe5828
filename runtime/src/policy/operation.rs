//! The declaration of one operation and its location in the source.

use std::panic::Location;

use super::Requirement;

/// An operation and its requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name in the log; for a handler its path.
    pub name: &'static str,
    /// The requirement that a token must satisfy.
    pub requirement: Requirement,
    /// The location of the declaration.
    pub location: &'static Location<'static>,
    /// True if an attribute declared it for a handler.
    pub(crate) is_handler: bool,
    /// True if further arguments of the handler read the token or take a proof.
    pub(crate) reads_token: bool,
    /// The number of arguments of the handler that are proofs.
    pub(crate) proofs: usize,
}

impl Operation {
    /// Creates an operation with this name and requirement. Its location is the location of the call.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, requirement: Requirement) -> Self {
        Self {
            name,
            requirement,
            location: Location::caller(),
            is_handler: false,
            reads_token: false,
            proofs: 0,
        }
    }

    /// Creates the operation of a handler; called by its attribute.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn of_handler(name: &'static str, requirement: Requirement) -> Self {
        Self { is_handler: true, ..Self::new(name, requirement) }
    }

    /// Marks a handler whose further arguments read the token; called by its attribute.
    #[doc(hidden)]
    #[must_use]
    pub const fn reading_token(self) -> Self {
        Self { reads_token: true, ..self }
    }

    /// Sets the number of arguments that are proofs; called by the attribute of a handler.
    #[doc(hidden)]
    #[must_use]
    pub const fn taking_proofs(self, proofs: usize) -> Self {
        Self { proofs, ..self }
    }

    /// True if the token is likely to be read again in this request: by arguments of the handler, or
    /// by handlers behind a policy that does not belong to a handler.
    pub(crate) fn is_asked_about_again(&self) -> bool {
        self.reads_token || !self.is_handler
    }
}

/// An operation that anybody may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicOperation {
    /// The name in documents; for a handler its path.
    pub name: &'static str,
    /// The reason why anybody may call it.
    pub reason: &'static str,
    /// The location of the declaration.
    pub location: &'static Location<'static>,
    /// True if the handler reads the token of a request that has one.
    pub reads_token: bool,
}

impl PublicOperation {
    /// Creates an operation with this name that is public for this reason. Its location is the
    /// location of the call.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, reason: &'static str) -> Self {
        Self { name, reason, location: Location::caller(), reads_token: false }
    }

    /// Marks a handler that takes `Option<AccessToken>`; called by its attribute.
    #[doc(hidden)]
    #[must_use]
    pub const fn reading_token(self) -> Self {
        Self { reads_token: true, ..self }
    }
}
