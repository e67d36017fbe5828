//! A router that accepts only handlers with declared access, and lists the access of all routes.

mod access_row;
mod combined_operation;
mod computed_path;
mod declaration;
mod declared_handler;
mod declared_routes;
mod declared_service;
mod error;
mod fallbacks;
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
mod unknown_access;
#[cfg(feature = "utoipa")]
pub(crate) mod utoipa_routes;
mod wrapper;

pub mod routing;

use axum::Router;

pub use self::access_row::AccessRow;
pub use self::declared_handler::{Access, DeclaredHandler};
pub use self::declared_routes::DeclaredRoutes;
pub use self::declared_service::DeclaredService;
pub use self::error::RouterError;
pub use self::guard::GuardLayer;
pub use self::method::{DeclaredMethods, ProtectedMethodRouter};
pub use self::snapshot::{AccessChange, AccessChanges, ChangeKind};
pub use self::table::AccessTable;
pub use self::unknown_access::UnknownAccess;
#[cfg(feature = "utoipa")]
pub use self::utoipa_routes::DocumentedRoutes;
pub use self::wrapper::{PolicyValue, WithAccess, protected, public};

use self::declared_handler::sealed::Seal;
use self::openapi_document::Document;
use self::path_conflicts::Paths;
use self::state_server::FindServer;

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
    pub fn route<M>(self, path: &str, methods: M) -> Self
    where
        M: DeclaredMethods<State = S>,
    {
        self.add_route(path, None, methods.declared())
    }

    /// Nests another router under a path, like [`axum::Router::nest`]. A plain router is nested by
    /// [`nest_service`](Self::nest_service).
    #[must_use]
    #[doc(alias = "scope")]
    pub fn nest<R>(mut self, path: &str, inner: R) -> Self
    where
        R: DeclaredRoutes<State = S>,
    {
        let inner = inner.declared(Seal);
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

    /// Adds the routes of another router, like [`axum::Router::merge`]. A plain router cannot be
    /// merged, because its paths cannot be read: nest it by [`nest_service`](Self::nest_service).
    #[must_use]
    pub fn merge<R>(mut self, other: R) -> Self
    where
        R: DeclaredRoutes<State = S>,
    {
        let other = other.declared(Seal);
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
}

impl<S> Default for ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}
