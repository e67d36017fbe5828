//! A router that takes only handlers which say who may call them, and knows what they say.

mod declared;
mod error;
mod method;
mod service;
mod snapshot;
mod table;

pub mod routing;

use std::convert::Infallible;

use axum::Router;
use axum_core::extract::Request;
use axum_core::response::IntoResponse;
use tower_layer::Layer;
use tower_service::Service;

pub use self::declared::{Access, DeclaredHandler};
pub use self::error::RouterError;
pub use self::method::ProtectedMethodRouter;
pub use self::snapshot::{AccessChange, AccessChanges, ChangeKind};
pub use self::table::{AccessTable, Route};

use crate::server::HasResourceServer;

/// An [`axum::Router`] in which every route says who may call it.
///
/// Routes are made with [`routing`](crate::routing) instead of axum's; a handler without
/// `#[protected]` or `#[public]` does not compile there.
///
/// ```
/// use axum_protected::routing::{get, post};
/// use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer, protected, public};
///
/// #[protected(scope = "items:read")]
/// async fn list() {}
///
/// #[protected(scope = "items:write")]
/// async fn create() {}
///
/// #[public(reason = "liveness probe")]
/// async fn health() {}
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = ResourceServer::builder()
/// #     .issuer("https://id.example.com").audience("api").build()?;
/// let router = ProtectedRouter::new()
///     .route("/items", get(list).post(create))
///     .route("/health", get(health));
/// assert_eq!(router.access_table().routes().count(), 3);
///
/// let app: axum::Router = router.with_state(server)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ProtectedRouter<S = ()> {
    router: Router<S>,
    table: AccessTable,
    problems: Vec<String>,
}

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// A router without routes.
    #[must_use]
    pub fn new() -> Self
    where
        S: HasResourceServer,
    {
        Self {
            router: Router::new(),
            table: AccessTable::default(),
            problems: Vec::new(),
        }
    }

    /// Adds a route, as [`axum::Router::route`] does.
    #[must_use]
    pub fn route(mut self, path: &str, methods: ProtectedMethodRouter<S>) -> Self {
        let (methods, routes) = methods.into_parts();
        if self.declare(routes.into_iter().map(|route| route.at(path))) {
            self.router = self.router.route(path, methods);
        }
        self
    }

    /// Puts a router under a path, as [`axum::Router::nest`] does.
    #[must_use]
    pub fn nest(mut self, path: &str, inner: Self) -> Self {
        self.problems.extend(inner.problems);
        if self.declare_under(path, inner.table.into_routes()) {
            self.router = self.router.nest(path, inner.router);
        }
        self
    }

    /// Adds the routes of another router, as [`axum::Router::merge`] does.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.problems.extend(other.problems);
        if self.declare(other.table.into_routes()) {
            self.router = self.router.merge(other.router);
        }
        self
    }

    /// Takes what no route is for, as [`axum::Router::fallback`] does: a handler that says who may
    /// call it too. In the table it is `* /*`.
    #[must_use]
    pub fn fallback<H, T>(mut self, handler: H) -> Self
    where
        H: DeclaredHandler<T, S>,
        T: 'static,
    {
        if self.declare(std::iter::once(Route::everything(H::ACCESS))) {
            self.router = self.router.fallback(handler);
        }
        self
    }

    /// Wraps every route so far and the fallback, as [`axum::Router::layer`] does.
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.layer(layer);
        self
    }

    /// Wraps every route so far, as [`axum::Router::route_layer`] does.
    #[must_use]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        if self.router.has_routes() {
            self.router = self.router.route_layer(layer);
        } else {
            // axum panics here, as the layer would never run.
            let problem = "`route_layer` comes before every route: add routes first";
            self.problems.push(problem.to_owned());
        }
        self
    }

    /// What is said of every route so far.
    #[must_use]
    pub fn access_table(&self) -> &AccessTable {
        &self.table
    }

    /// The finished router.
    ///
    /// # Errors
    ///
    /// Everything that only shows now, at once: two declarations for one route, a policy that
    /// names an issuer which the server does not have.
    pub fn with_state(mut self, state: S) -> Result<Router, RouterError>
    where
        S: HasResourceServer,
    {
        let known = |issuer: &str| state.resource_server().has_issuer(issuer);
        self.problems.extend(self.table.unknown_issuers(known));
        RouterError::unless_empty(self.problems)?;
        Ok(self.router.with_state(state))
    }

    /// As [`declare`](Self::declare), for routes under a path, which axum has rules for too.
    fn declare_under(&mut self, path: &str, routes: impl Iterator<Item = Route>) -> bool {
        let below = path.strip_prefix('/').is_some_and(|rest| !rest.is_empty());
        if !below || path.ends_with('/') || path.contains("{*") {
            self.problems.push(format!(
                "nothing can be nested at `{path}`: write a path as `/api`, without a slash at its end"
            ));
            return false;
        }
        self.declare(routes.map(|route| route.under(path)))
    }

    /// Whether the routes are new; axum would panic at one that is not.
    fn declare(&mut self, routes: impl Iterator<Item = Route>) -> bool {
        let before = self.problems.len();
        for route in routes {
            if let Err(problem) = self.table.add(route) {
                self.problems.push(problem);
            }
        }
        self.problems.len() == before
    }
}

impl<S> Default for ProtectedRouter<S>
where
    S: HasResourceServer + Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}
