//! Handlers that declare their access. The first argument of such a handler is the guard, and its
//! type identifies the handler as declared.

use std::fmt;
use std::panic::Location;

use crate::extract::{Authorized, Public};
use crate::policy::{Operation, Policy, PublicAccess, PublicOperation};

/// The declared access of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Only callers whose token satisfies the requirement of this operation may call it.
    Protected(Operation),
    /// All callers may call this operation.
    Public(PublicOperation),
}

impl Access {
    /// Returns the name of the operation in documents and logs. For a handler it is the path of the
    /// function.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Protected(operation) => operation.name,
            Self::Public(operation) => operation.name,
        }
    }

    /// Returns the location of the declaration in the source code.
    #[must_use]
    pub fn location(&self) -> &'static Location<'static> {
        match self {
            Self::Protected(operation) => operation.location,
            Self::Public(operation) => operation.location,
        }
    }
}

/// Writes the access for people: `items:write` or `public (liveness probe)`.
impl fmt::Display for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protected(operation) => operation.requirement.fmt(formatter),
            Self::Public(operation) => write!(formatter, "public ({})", operation.reason),
        }
    }
}

/// A handler with `#[protected]` or `#[public]`: a function whose first argument is the guard. `A`
/// is the tuple of the handler's arguments.
///
/// A handler in [`protected`](fn@crate::protected) or [`public`](fn@crate::public) implements this
/// trait too.
///
/// The trait is sealed, so that the declared access of a route is always the access that its handler
/// enforces.
#[diagnostic::on_unimplemented(
    message = "the handler `{Self}` does not declare who may call it",
    label = "write `#[protected(...)]` or `#[public(reason = \"...\")]` above this function, or wrap it",
    note = "if the handler is a closure or comes from another crate, wrap it: `protected(Policy, handler)` or `public(\"reason\", handler)`",
    note = "put a layer on the route, as in `get(handler).layer(...)`"
)]
pub trait DeclaredHandler<A> {
    /// The first argument of the handler.
    #[doc(hidden)]
    type Guard;

    /// Returns the declared access of the handler.
    #[doc(hidden)]
    fn access(&self, _: sealed::Seal) -> Access;
}

pub(super) mod sealed {
    /// The argument that only this crate can name, which seals a trait.
    #[allow(unnameable_types, missing_debug_implementations, reason = "seals traits")]
    pub struct Seal;
}

macro_rules! declared_handlers {
    ($(($($argument:ident)*))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<H, Answer, P, $($argument),*> DeclaredHandler<(Authorized<P>, $($argument,)*)> for H
        where
            H: FnOnce(Authorized<P>, $($argument),*) -> Answer,
            P: Policy,
        {
            type Guard = Authorized<P>;

            fn access(&self, _: sealed::Seal) -> Access {
                Access::Protected(P::OPERATION)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<H, Answer, P, $($argument),*> DeclaredHandler<(Public<P>, $($argument,)*)> for H
        where
            H: FnOnce(Public<P>, $($argument),*) -> Answer,
            P: PublicAccess,
        {
            type Guard = Public<P>;

            fn access(&self, _: sealed::Seal) -> Access {
                Access::Public(P::OPERATION)
            }
        }
    )*};
}

declared_handlers! {
    ()
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G I)
    (A B C D E F G I J)
    (A B C D E F G I J K)
    (A B C D E F G I J K L)
    (A B C D E F G I J K L N)
    (A B C D E F G I J K L N O)
    (A B C D E F G I J K L N O Q)
    (A B C D E F G I J K L N O Q R)
}
