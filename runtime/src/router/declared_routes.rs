//! The trait that tells a `ProtectedRouter` from a plain router.

use super::ProtectedRouter;
use super::declared_handler::sealed::Seal;

/// The routes that [`ProtectedRouter::merge`] and [`ProtectedRouter::nest`] add. Only
/// [`ProtectedRouter`] implements this trait.
#[diagnostic::on_unimplemented(
    message = "the routes of `{Self}` do not declare who may call them",
    label = "not a `ProtectedRouter`",
    note = "a plain `axum::Router` is nested as a service and cannot be merged: write `.nest_service(\"/path\", protected(Policy, router))` or `.nest_service(\"/path\", public(\"reason\", router))`"
)]
pub trait DeclaredRoutes {
    /// The state of the handlers.
    type State;

    #[doc(hidden)]
    fn declared(self, _: Seal) -> ProtectedRouter<Self::State>;
}

impl<S> DeclaredRoutes for ProtectedRouter<S> {
    type State = S;

    fn declared(self, _: Seal) -> Self {
        self
    }
}
