//! What is declared of one operation, and where.

use std::panic::Location;

use super::Requirement;

/// An operation and its requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// What the log calls it; for a handler its path.
    pub name: &'static str,
    /// What a token must satisfy.
    pub requirement: Requirement,
    /// Where that is written.
    pub location: &'static Location<'static>,
    /// Whether an attribute wrote it for a handler.
    pub(crate) is_handler: bool,
    /// Set where further arguments of the handler read the token, or take a proof.
    pub(crate) reads_token: bool,
}

impl Operation {
    /// An operation of this name that demands this; its location is that of the call.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, requirement: Requirement) -> Self {
        Self {
            name,
            requirement,
            location: Location::caller(),
            is_handler: false,
            reads_token: false,
        }
    }

    /// That of a handler, which its attribute writes.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn of_handler(name: &'static str, requirement: Requirement) -> Self {
        Self { is_handler: true, ..Self::new(name, requirement) }
    }

    /// Marks a handler with further arguments that read the token, as its attribute saw.
    #[doc(hidden)]
    #[must_use]
    pub const fn reading_token(self) -> Self {
        Self { reads_token: true, ..self }
    }

    /// Tells whether others are likely to ask for the token afterwards: arguments of the handler, or
    /// handlers behind a policy that is not a handler's.
    pub(crate) fn is_asked_about_again(&self) -> bool {
        self.reads_token || !self.is_handler
    }
}

/// An operation that anybody may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicOperation {
    /// What documents call it; for a handler its path.
    pub name: &'static str,
    /// Why anybody may call it.
    pub reason: &'static str,
    /// Where that is written.
    pub location: &'static Location<'static>,
    /// Whether the handler takes the token of who brings one.
    pub reads_token: bool,
}

impl PublicOperation {
    /// An operation of this name that is public for this reason; its location is that of the call.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str, reason: &'static str) -> Self {
        Self { name, reason, location: Location::caller(), reads_token: false }
    }

    /// That of a handler that takes `Option<AccessToken>`, as its attribute saw.
    #[doc(hidden)]
    #[must_use]
    pub const fn reading_token(self) -> Self {
        Self { reads_token: true, ..self }
    }
}
