//! Handlers that say who may call them: recognised by the guard, their first argument.

use axum::handler::Handler;

use crate::extract::{Authorized, Public};
use crate::policy::{Operation, Policy, PublicAccess};

/// Who may call a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Whose token satisfies this.
    Protected(Operation),
    /// Anybody, for this reason.
    Public {
        /// The path of the handler.
        handler: &'static str,
        /// Why anybody may call it.
        reason: &'static str,
    },
}

/// A handler with `#[protected]` or `#[public]` above it.
///
/// The implementations here are for handlers whose first argument is the guard, and cover every
/// function that has it. What implements axum's `Handler` by hand answers for itself.
#[diagnostic::on_unimplemented(
    message = "the handler `{Self}` does not say who may call it",
    label = "write `#[protected(...)]` or `#[public(reason = \"...\")]` above this function",
    note = "every route of a `ProtectedRouter` states its access",
    note = "if it does, another argument or the answer is not what axum takes: `#[debug_handler(state = AppState)]` below tells which"
)]
pub trait DeclaredHandler<T, S>: Handler<T, S> {
    /// What it says.
    const ACCESS: Access;
}

macro_rules! declared_handlers {
    ($(($($argument:ident)*))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<H, S, M, P, $($argument),*> DeclaredHandler<(M, Authorized<P>, $($argument,)*), S> for H
        where
            H: Handler<(M, Authorized<P>, $($argument,)*), S>,
            P: Policy,
        {
            const ACCESS: Access = Access::Protected(P::OPERATION);
        }

        #[diagnostic::do_not_recommend]
        impl<H, S, M, P, $($argument),*> DeclaredHandler<(M, Public<P>, $($argument,)*), S> for H
        where
            H: Handler<(M, Public<P>, $($argument,)*), S>,
            P: PublicAccess,
        {
            const ACCESS: Access = Access::Public {
                handler: P::HANDLER,
                reason: P::REASON,
            };
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
