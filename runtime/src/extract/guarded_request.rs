//! The routes behind a guard, attached to a request, so that a refusal states the demands of all
//! guards and of the handler together. They decide nothing.

use std::sync::Arc;

use http::request::Parts;
use http::{Extensions, Method, Uri};

use crate::policy::Operation;

/// The combined operations of routes.
pub(crate) trait RouteOperations: Send + Sync {
    /// Returns the operation that combines all guards and the handler of the route that a request
    /// leads to. Returns `None` if no route matches, or if `part` is not one of the operations that
    /// the route combines.
    fn combination(
        &self,
        method: &Method,
        path: &str,
        part: &Operation,
    ) -> Option<&'static Operation>;
}

/// The routes behind a guard, and the address of the request when it reached the guard. A nested
/// router changes the address later.
#[derive(Clone)]
pub(crate) struct GuardedRequest {
    uri: Uri,
    routes: Arc<dyn RouteOperations>,
    /// The routes of a guard outside of this guard.
    outer: Option<Arc<Self>>,
}

impl GuardedRequest {
    /// Attaches the routes behind a guard to a request that reaches the guard.
    #[cfg_attr(not(feature = "router"), expect(dead_code, reason = "for routers"))]
    pub(crate) fn attach(extensions: &mut Extensions, uri: Uri, routes: Arc<dyn RouteOperations>) {
        let outer = extensions.remove::<Self>().map(Arc::new);
        extensions.insert(Self { uri, routes, outer });
    }

    /// Returns the combination of the outermost guard that has one.
    fn combination(&self, method: &Method, part: &Operation) -> Option<&'static Operation> {
        let outer = self.outer.as_ref().and_then(|outer| outer.combination(method, part));
        outer.or_else(|| self.routes.combination(method, self.uri.path(), part))
    }
}

/// Returns the operation that combines this operation with the operations of all other guards of
/// the request. Returns `None` if the request has no other guard.
pub(super) fn combination(parts: &Parts, operation: &Operation) -> Option<&'static Operation> {
    parts.extensions.get::<GuardedRequest>()?.combination(&parts.method, operation)
}
