//! Handlers and services for requests that match no route.

use axum::Router;
use axum::handler::Handler;
use axum::routing::any;

use super::ProtectedRouter;
use super::declared_handler::DeclaredHandler;
use super::declared_handler::sealed::Seal;
use super::declared_service::DeclaredService;
use super::state_server::GuardFor;
use super::table::AccessRow;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Sets the handler for requests that match no route, like [`axum::Router::fallback`]. The
    /// handler must declare its access, like the handler of a route. The access table shows the
    /// fallback as `* /*`.
    #[must_use]
    pub fn fallback<H, A, T>(mut self, handler: H) -> Self
    where
        H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
        T: 'static,
    {
        self.find_server = self.find_server.or(H::Guard::FIND_SERVER);
        let claim = self.paths.claim_fallback("");
        let row = AccessRow::everything_below("", handler.access(Seal));
        if self.declare_new([claim], [row]) {
            self.fallback = Some(Router::new().route("/", any(handler.clone())));
            self.router = self.router.fallback(handler);
        }
        self
    }

    /// Sets the service for requests that match no route, like [`axum::Router::fallback_service`].
    /// Wrap the service in [`protected`](fn@crate::protected) or [`public`](fn@crate::public). The
    /// access table shows the service as `* /*`.
    #[must_use]
    pub fn fallback_service<W>(self, service: W) -> Self
    where
        W: DeclaredService<S>,
    {
        self.fallback(service.into_handler(Seal))
    }

    /// Sets the handler for requests that match the path but not the HTTP method of a route, like
    /// [`axum::Router::method_not_allowed_fallback`]. Applies to the routes added so far, and to the
    /// routes of routers nested or merged so far.
    ///
    /// The handler must declare its access. The access table shows it as `*` at each path that had
    /// no handler for every HTTP method.
    #[must_use]
    pub fn method_not_allowed_fallback<H, A, T>(mut self, handler: H) -> Self
    where
        H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
        T: 'static,
    {
        self.find_server = self.find_server.or(H::Guard::FIND_SERVER);
        let access = handler.access(Seal);
        let paths = self.paths.without_any();
        let claims: Vec<_> = paths.iter().map(|path| self.paths.claim(path, "*")).collect();
        let rows = paths.iter().map(|path| AccessRow::new("*", path, access));
        if self.declare_new(claims, rows) {
            self.router = self.router.method_not_allowed_fallback(handler);
        }
        self
    }
}
