//! Routes that take their path, method and documentation from `#[utoipa::path]` of utoipa 6.

use std::fmt;

use ::utoipa::__dev::{SchemaReferences, Tags};
use ::utoipa::Path;
use ::utoipa::openapi::{Components, HttpMethod, OpenApi, Paths};
use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodFilter;

use super::declared_handler::DeclaredHandler;
use super::openapi_document::Document;
use super::state_server::GuardFor;
use super::{ProtectedMethodRouter, ProtectedRouter, RouterError};

/// The description that utoipa generates for a handler.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "utoipa 6 does not describe this handler",
    label = "write `#[utoipa::path(...)]` below `#[protected]` or `#[public]`",
    note = "`axum_protected::routes!` is for utoipa 6; with utoipa 5, use the router and the macro of utoipa-axum 0.2"
)]
pub trait Described: Path + Tags<'static> + SchemaReferences {}

#[diagnostic::do_not_recommend]
impl<P: Path + Tags<'static> + SchemaReferences> Described for P {}

/// A list of declared handlers with `#[utoipa::path]`. The macro [`routes!`](crate::routes) creates
/// the list.
#[must_use = "routes do nothing until they are added to a router"]
pub struct DocumentedRoutes<S = ()> {
    routes: Vec<(String, ProtectedMethodRouter<S>)>,
    openapi: OpenApi,
}

impl<S> DocumentedRoutes<S>
where
    S: Clone + Send + Sync + 'static,
{
    #[doc(hidden)]
    pub fn none() -> Self {
        Self { routes: Vec::new(), openapi: OpenApi::default() }
    }

    /// Adds a handler to the list. `P` is the type by which utoipa describes the handler.
    #[doc(hidden)]
    #[allow(clippy::needless_pass_by_value, reason = "axum takes handlers by value")]
    pub fn with<P, H, A, T>(mut self, handler: H) -> Self
    where
        P: Described,
        H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
        T: 'static,
    {
        let mut methods = ProtectedMethodRouter::empty();
        for method in P::methods() {
            methods = methods.on(filter_of(&method), handler.clone());
        }
        // utoipa allows an empty path for the root, but axum requires `/`.
        let path = match P::path() {
            path if path.is_empty() => "/".to_owned(),
            path => path,
        };
        let mut paths = Paths::new();
        paths.add_path_operation(&path, P::methods(), operation_of::<P>());
        self.openapi.paths.merge(paths);
        let components = self.openapi.components.get_or_insert_with(Components::new);
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        components.schemas.extend(schemas);
        self.routes.push((path, methods));
        self
    }
}

fn operation_of<P: Described>() -> ::utoipa::openapi::path::Operation {
    let mut operation = P::operation();
    let tags = P::tags();
    if !tags.is_empty() {
        let known = operation.tags.get_or_insert_default();
        known.extend(tags.into_iter().map(str::to_owned));
    }
    operation
}

fn filter_of(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
    }
}

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Creates a router that has no routes and starts with this document. [`routes`](Self::routes)
    /// adds operations to the document.
    #[must_use]
    pub fn with_openapi(openapi: OpenApi) -> Self {
        Self { document: Document { openapi }, ..Self::new() }
    }

    /// Adds routes at the paths that `#[utoipa::path]` gives, and adds their operations to the
    /// document.
    ///
    /// ```
    /// use axum_protected::{ProtectedRouter, ResourceServer, protected, routes};
    ///
    /// #[protected(scope = "items:read")]
    /// #[utoipa::path(get, path = "/items")]
    /// async fn list() {}
    ///
    /// # fn example(server: ResourceServer) -> Result<(), axum_protected::router::RouterError> {
    /// let router = ProtectedRouter::new().routes(routes!(list)).with_state::<()>(server);
    /// let (app, openapi) = router.split_for_parts()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn routes(mut self, routes: DocumentedRoutes<S>) -> Self {
        self.document.route(routes.openapi);
        routes.routes.into_iter().fold(self, |router, (path, methods)| router.route(&path, methods))
    }

    /// Returns the finished router and its OpenAPI document.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`into_router`](Self::into_router).
    pub fn split_for_parts(mut self) -> Result<(Router<S>, OpenApi), RouterError> {
        let openapi = std::mem::take(&mut self.document.openapi);
        Ok((self.into_router()?, openapi))
    }
}

/// Creates the argument of [`ProtectedRouter::routes`] from handlers that have `#[protected]` or
/// `#[public]` above `#[utoipa::path]`. Corresponds to `utoipa_axum::routes!`.
#[macro_export]
#[cfg_attr(docsrs, doc(cfg(feature = "utoipa")))]
macro_rules! routes {
    ($($handlers:tt)*) => {
        $crate::__private::routes! { [$crate] $($handlers)* }
    };
}

impl<S> fmt::Debug for DocumentedRoutes<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DocumentedRoutes")
            .field("routes", &self.routes)
            .finish_non_exhaustive()
    }
}
