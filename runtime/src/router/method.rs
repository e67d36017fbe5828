//! The HTTP methods of one path, each with a declared handler.

use std::convert::Infallible;
use std::fmt;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, Route};
use axum_core::extract::Request;
use axum_core::response::IntoResponse;
use tower_layer::Layer;
use tower_service::Service;

use super::declared_handler::sealed::Seal;
use super::declared_handler::{Access, DeclaredHandler};
use super::state_server::{FindServer, GuardFor};

/// An [`axum::routing::MethodRouter`] of declared handlers. The functions of
/// [`routing`](crate::routing) create a `ProtectedMethodRouter`, and methods of the same names add
/// more handlers to it.
#[must_use = "a method router does nothing until it is added to a router"]
pub struct ProtectedMethodRouter<S = ()> {
    pub(super) methods: MethodRouter<S>,
    pub(super) declared: Vec<(&'static str, Access)>,
    pub(super) find_server: FindServer<S>,
}

/// The handlers of one path of a [`ProtectedRouter`](crate::ProtectedRouter). Only
/// [`ProtectedMethodRouter`] implements this trait.
#[diagnostic::on_unimplemented(
    message = "this method router does not declare who may call its handlers",
    label = "import `get`, `post` and so on from `axum_protected::routing` instead of `axum::routing`",
    note = "a wrapper is inside: write `get(public(\"reason\", handler))` or `get(protected(Policy, handler))`"
)]
pub trait DeclaredMethods: sealed::Sealed {
    /// The state of the handlers.
    type State;

    #[doc(hidden)]
    fn declared(self) -> ProtectedMethodRouter<Self::State>;
}

impl<S> DeclaredMethods for ProtectedMethodRouter<S> {
    type State = S;

    fn declared(self) -> Self {
        self
    }
}

mod sealed {
    #[allow(unnameable_types, reason = "seals `DeclaredMethods`")]
    pub trait Sealed {}

    impl<S> Sealed for super::ProtectedMethodRouter<S> {}
}

impl<S> ProtectedMethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    pub(super) fn empty() -> Self {
        Self { methods: MethodRouter::new(), declared: Vec::new(), find_server: None }
    }

    /// Routes the HTTP methods of this filter to a declared handler, in addition, like
    /// [`MethodRouter::on`].
    pub fn on<H, A, T>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
        T: 'static,
    {
        // axum panics if a method gets a second handler. This function does not add the second
        // handler, and `ProtectedRouter::route` later reports the second handler as a problem.
        let names = names(filter);
        if self.declare(&names, handler.access(Seal), H::Guard::FIND_SERVER) {
            self.methods = self.methods.on(filter, handler);
        }
        self
    }

    /// Routes every HTTP method that has no handler of its own to this handler. The access table
    /// shows `*` as the method of this handler.
    pub fn any<H, A, T>(mut self, handler: H) -> Self
    where
        H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
        T: 'static,
    {
        if self.declare(&["*"], handler.access(Seal), H::Guard::FIND_SERVER) {
            self.methods = self.methods.merge(axum::routing::any(handler));
        }
        self
    }

    /// Wraps every handler added so far and the 405 response to other methods in a layer, like
    /// [`MethodRouter::layer`].
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.methods = self.methods.layer(layer);
        self
    }

    /// Wraps every handler added so far in a layer, like [`MethodRouter::route_layer`].
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        // `MethodRouter::route_layer` does not wrap a handler of `any`, and panics if the path has
        // no other handler. On a path with a handler of `any`, every method has a handler, so
        // `MethodRouter::layer` wraps exactly the handlers.
        let has_any = self.declared.iter().any(|(method, _)| *method == "*");
        self.methods =
            if has_any { self.methods.layer(layer) } else { self.methods.route_layer(layer) };
        self
    }

    /// Records the access of HTTP methods. Returns false if one of the HTTP methods already has a
    /// handler.
    fn declare(
        &mut self,
        methods: &[&'static str],
        access: Access,
        find_server: FindServer<S>,
    ) -> bool {
        self.find_server = self.find_server.or(find_server);
        let is_new = self.declared.iter().all(|(known, _)| !methods.contains(known));
        self.declared.extend(methods.iter().map(|method| (*method, access)));
        is_new
    }
}

/// Returns the names of the HTTP methods that the filter contains.
fn names(filter: MethodFilter) -> Vec<&'static str> {
    let methods = [
        ("CONNECT", MethodFilter::CONNECT),
        ("DELETE", MethodFilter::DELETE),
        ("GET", MethodFilter::GET),
        ("HEAD", MethodFilter::HEAD),
        ("OPTIONS", MethodFilter::OPTIONS),
        ("PATCH", MethodFilter::PATCH),
        ("POST", MethodFilter::POST),
        ("PUT", MethodFilter::PUT),
        ("TRACE", MethodFilter::TRACE),
    ];
    let contained = methods.into_iter().filter(|(_, method)| filter.or(*method) == filter);
    contained.map(|(name, _)| name).collect()
}

impl<S> Clone for ProtectedMethodRouter<S> {
    fn clone(&self) -> Self {
        Self {
            methods: self.methods.clone(),
            declared: self.declared.clone(),
            find_server: self.find_server,
        }
    }
}

impl<S> fmt::Debug for ProtectedMethodRouter<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProtectedMethodRouter")
            .field("declared", &self.declared)
            .finish_non_exhaustive()
    }
}
