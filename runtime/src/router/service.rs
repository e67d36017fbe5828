//! Routes to tower services.

use axum::Router;
use axum::routing::MethodRouter;

use super::access_row::AccessRow;
use super::declared_handler::sealed::Seal;
use super::declared_service::DeclaredService;
use super::path_conflicts::{SERVICE_TAIL, nestable};
use super::routing::any;
use super::{ProtectedMethodRouter, ProtectedRouter};

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Nests a service under a path, like [`axum::Router::nest_service`]. The service may be a file
    /// server, or a plain [`axum::Router`] that already has its state. Wrap the service in
    /// [`protected`](fn@crate::protected) or [`public`](fn@crate::public).
    ///
    /// The service gets the requests for the path itself and for every path below it that no other
    /// route matches, without the prefix. The access table shows the service as `* /path/*`.
    #[must_use]
    pub fn nest_service<W>(mut self, path: &str, service: W) -> Self
    where
        W: DeclaredService<S>,
    {
        let ProtectedMethodRouter { methods, declared, find_server } =
            any(service.into_handler(Seal));
        self.find_server = self.find_server.or(find_server);
        let claim = service_prefix(path).and_then(|()| {
            ["", "/", SERVICE_TAIL]
                .into_iter()
                .try_for_each(|end| self.paths.claim(&format!("{path}{end}"), "*"))
        });
        let rows =
            declared.into_iter().map(|(_, access)| AccessRow::everything_below(path, access));
        if self.declare_new([claim], rows) {
            self.router = nest_service(self.router, path, methods);
        }
        self
    }

    /// Routes a path to a service, like [`axum::Router::route_service`]. Wrap the service in
    /// [`protected`](fn@crate::protected) or [`public`](fn@crate::public).
    ///
    /// The service gets the requests of every HTTP method that has no route of its own at this path,
    /// and sees the whole path.
    #[must_use]
    pub fn route_service<W>(self, path: &str, service: W) -> Self
    where
        W: DeclaredService<S>,
    {
        if service.is_router(Seal) {
            // `axum::Router::route_service` panics for a router.
            return self.report(format!(
                "a router cannot be the service of the route `{path}`: write `nest_service`"
            ));
        }
        self.route(path, any(service.into_handler(Seal)))
    }
}

/// Checks that a service can be nested at this path.
fn service_prefix(path: &str) -> Result<(), String> {
    if matches!(path, "" | "/") {
        return Err(format!("nothing can be nested at `{path}`: write `fallback_service`"));
    }
    nestable(path)
}

/// Routes the path itself, the path with a trailing slash, and all paths below it to the service.
/// Uses routes and not a fallback of an inner router: if this router is later nested and has no
/// fallback itself, axum discards the fallback of the inner router.
fn nest_service<S>(router: Router<S>, path: &str, service: MethodRouter<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let below = Router::new().route("/", service.clone()).route(SERVICE_TAIL, service.clone());
    let slash = Router::new().route("/", service);
    router.nest(path, below).nest(&format!("{path}/"), slash)
}
