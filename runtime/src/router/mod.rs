//! A router that accepts only handlers with declared access, and lists the access of all routes.

mod access_row;
mod combined_operation;
mod computed_path;
mod declared_handler;
mod error;
mod finish;
mod guard;
mod guarded_routes;
mod layers;
mod map_router;
mod method;
pub(crate) mod openapi_document;
mod path_conflicts;
mod service;
mod snapshot;
pub(crate) mod state_server;
mod table;
#[cfg(feature = "utoipa")]
pub(crate) mod utoipa_routes;

pub mod routing;

use axum::Router;
use axum::handler::Handler;
use axum::routing::any;

pub use self::access_row::AccessRow;
pub use self::declared_handler::{Access, DeclaredHandler};
pub use self::error::RouterError;
pub use self::guard::GuardLayer;
pub use self::map_router::UnknownAccess;
pub use self::method::{DeclaredMethods, ProtectedMethodRouter};
pub use self::snapshot::{AccessChange, AccessChanges, ChangeKind};
pub use self::table::AccessTable;
#[cfg(feature = "utoipa")]
pub use self::utoipa_routes::DocumentedRoutes;

use self::declared_handler::sealed::Seal;
use self::openapi_document::Document;
use self::path_conflicts::Paths;
use self::state_server::{FindServer, GuardFor};

/// An [`axum::Router`] in which every route declares who may call it.
///
/// Create routes with the functions of [`routing`] instead of [`axum::routing`]. The functions of
/// [`routing`] do not compile for a handler without `#[protected]` or `#[public]`.
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
/// let app: axum::Router = router.with_state(server).into_router()?;
/// # Ok(())
/// # }
/// ```
///
/// [`into_router`](Self::into_router) reports the mistakes at which axum would panic, such as two
/// handlers for one method of a path.
#[derive(Debug, Clone)]
pub struct ProtectedRouter<S = ()> {
    router: Router<S>,
    table: AccessTable,
    paths: Paths,
    document: Document,
    /// A router with the fallback as its only route. If this router is nested at `/api`, this route
    /// gets the requests for `/api/`, which axum alone would send to the fallback of the outer
    /// router.
    fallback: Option<Router<S>>,
    /// Finds the server in the state. `None` if no handler needs the server.
    find_server: FindServer<S>,
    problems: Vec<String>,
}

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Creates a router without routes. The state needs a
    /// [`ResourceServer`](crate::ResourceServer) only if a route of the router is protected.
    #[must_use]
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            table: AccessTable::default(),
            paths: Paths::default(),
            document: Document::default(),
            fallback: None,
            find_server: None,
            problems: Vec::new(),
        }
    }

    /// Adds the handlers of a path, like [`axum::Router::route`].
    #[must_use]
    pub fn route<M>(mut self, path: &str, methods: M) -> Self
    where
        M: DeclaredMethods<State = S>,
    {
        let ProtectedMethodRouter { methods, declared, find_server } = methods.declared();
        self.find_server = self.find_server.or(find_server);
        let claims: Vec<_> =
            declared.iter().map(|(method, _)| self.paths.claim(path, method)).collect();
        let rows =
            declared.into_iter().map(|(method, access)| AccessRow::new(method, path, access));
        if self.declare(claims, rows) {
            self.router = self.router.route(path, methods);
        }
        self
    }

    /// Nests another router under a path, like [`axum::Router::nest`].
    #[must_use]
    pub fn nest(mut self, path: &str, inner: Self) -> Self {
        self.problems.extend(inner.problems);
        self.find_server = self.find_server.or(inner.find_server);
        let claim = self.paths.nest(path, &inner.paths);
        if self.declare([claim], inner.table.into_routes_below(path)) {
            self.document.nest(path, inner.document);
            self.router = self.router.nest(path, inner.router);
            match inner.fallback {
                Some(fallback) => self.router = self.router.nest(&format!("{path}/"), fallback),
                None if inner.paths.has_fallback() => self.problems.push(format!(
                    "the router at `{path}` sets its fallback before `map_router`: call `fallback` after it"
                )),
                None => {}
            }
        }
        self
    }

    /// Adds the routes of another router, like [`axum::Router::merge`].
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.problems.extend(other.problems);
        self.find_server = self.find_server.or(other.find_server);
        let claim = self.paths.merge(&other.paths);
        if self.declare([claim], other.table.into_routes()) {
            self.document.merge(other.document);
            self.router = self.router.merge(other.router);
            self.fallback = self.fallback.or(other.fallback);
        }
        self
    }

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
        self.set_fallback(handler.access(Seal), handler)
    }

    /// Returns the table of every route added so far with its access.
    #[must_use]
    pub fn access_table(&self) -> &AccessTable {
        &self.table
    }

    #[cfg(feature = "utoipa")]
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    #[cfg(feature = "openapi")]
    pub(crate) fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    /// Records that the routes with this path serve an OpenAPI document.
    #[cfg(feature = "openapi")]
    pub(crate) fn mark_document(&mut self, path: &str) {
        self.table.mark_document(path);
    }

    fn set_fallback<H, T>(mut self, access: Access, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let claim = self.paths.claim_fallback("");
        if self.declare([claim], [AccessRow::everything_below("", access)]) {
            self.fallback = Some(Router::new().route("/", any(handler.clone())));
            self.router = self.router.fallback(handler);
        }
        self
    }

    /// Adds a problem that [`into_router`](Self::into_router) reports.
    pub(crate) fn report(mut self, problem: impl Into<String>) -> Self {
        self.problems.push(problem.into());
        self
    }

    /// Records the access and the paths of routes, and the problems of these paths. Returns false
    /// if axum would panic when the caller adds these routes to the axum router.
    fn declare(
        &mut self,
        claims: impl IntoIterator<Item = Result<(), String>>,
        routes: impl IntoIterator<Item = AccessRow>,
    ) -> bool {
        let mut problems: Vec<_> = claims.into_iter().filter_map(Result::err).collect();
        for route in routes {
            let problem = self.table.add(route).err();
            problems.extend(problem.filter(|problem| !problems.contains(problem)));
        }
        let is_valid = problems.is_empty();
        self.problems.extend(problems);
        is_valid
    }
}

impl<S> Default for ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}
