//! Handlers that declare their access. The guard, their first argument, identifies them.

use std::fmt;
use std::panic::Location;

use crate::extract::{Authorized, Public};
use crate::policy::{Operation, Policy, PublicAccess, PublicOperation};

/// The declared access of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Callers with a token that satisfies the operation's requirement.
    Protected(Operation),
    /// All callers.
    Public(PublicOperation),
}

impl Access {
    /// The name of the operation in documents and logs; for a handler its path.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Protected(operation) => operation.name,
            Self::Public(operation) => operation.name,
        }
    }

    /// The location of the declaration.
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
/// is the tuple of its arguments.
///
/// The trait is sealed, so that the declared access of a route is always the access that its handler
/// enforces.
#[diagnostic::on_unimplemented(
    message = "the handler `{Self}` does not declare who may call it",
    label = "write `#[protected(...)]` or `#[public(reason = \"...\")]` above this function",
    note = "every route of a `ProtectedRouter` declares its access; put a layer on the route, as in `get(handler).layer(...)`"
)]
pub trait DeclaredHandler<A>: sealed::Sealed<A> {
    /// The declared access.
    const ACCESS: Access;
}

mod sealed {
    #[allow(unnameable_types, reason = "seals `DeclaredHandler`")]
    pub trait Sealed<A> {}
}

macro_rules! declared_handlers {
    ($(($($argument:ident)*))*) => {$(
        impl<H, Answer, P, $($argument),*> sealed::Sealed<(Authorized<P>, $($argument,)*)> for H
        where
            H: FnOnce(Authorized<P>, $($argument),*) -> Answer,
        {
        }

        impl<H, Answer, P, $($argument),*> sealed::Sealed<(Public<P>, $($argument,)*)> for H
        where
            H: FnOnce(Public<P>, $($argument),*) -> Answer,
        {
        }

        #[diagnostic::do_not_recommend]
        impl<H, Answer, P, $($argument),*> DeclaredHandler<(Authorized<P>, $($argument,)*)> for H
        where
            H: FnOnce(Authorized<P>, $($argument),*) -> Answer,
            P: Policy,
        {
            const ACCESS: Access = Access::Protected(P::OPERATION);
        }

        #[diagnostic::do_not_recommend]
        impl<H, Answer, P, $($argument),*> DeclaredHandler<(Public<P>, $($argument,)*)> for H
        where
            H: FnOnce(Public<P>, $($argument),*) -> Answer,
            P: PublicAccess,
        {
            const ACCESS: Access = Access::Public(P::OPERATION);
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
