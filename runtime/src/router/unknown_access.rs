//! The access of routes that a function adds to the [`axum::Router`] of a router.

use std::fmt;
use std::panic::Location;

use crate::policy::Operation;

/// The access of routes that the access table does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownAccess {
    /// The reason that the caller of [`map_router`](crate::ProtectedRouter::map_router) stated.
    pub reason: &'static str,
    /// The location of the call in the source code.
    pub location: &'static Location<'static>,
    /// The demands of the [guards](crate::ProtectedRouter::guard) in front of these routes.
    pub guard: Option<Operation>,
}

/// Writes the access for people: `? (reason)`.
impl fmt::Display for UnknownAccess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "? ({})", self.reason)?;
        match &self.guard {
            Some(operation) => write!(formatter, " behind {}", operation.requirement),
            None => Ok(()),
        }
    }
}
