//! Conversion of a [`ProtectedRouter`] into an [`axum::Router`].

use axum::Router;

use super::{ProtectedRouter, RouterError};
use crate::layer::PrivateResponsesLayer;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Provides the state for all routes added so far, like [`axum::Router::with_state`]. The
    /// returned router can be nested in or merged into a router that has another state or no state.
    ///
    /// If the server in the state has a [`token_cookie`](crate::ResourceServerBuilder::token_cookie),
    /// this method also wraps the routes in a
    /// [`PrivateResponsesLayer`].
    #[must_use]
    pub fn with_state<S2>(mut self, state: S) -> ProtectedRouter<S2> {
        // Without a protected handler, only a guarded middleware names issuers. It has a state of
        // its own, and the issuers of that state are not known here.
        let problems = self.table.check_issuers(|issuer| {
            self.find_server.is_none_or(|find| find(&state).has_issuer(issuer))
        });
        self.problems.extend(problems);
        if self.find_server.is_some_and(|find| find(&state).takes_cookies()) {
            self = self.layer(PrivateResponsesLayer);
        }
        ProtectedRouter {
            fallback: self.fallback.map(|router| router.with_state(state.clone())),
            router: self.router.with_state(state),
            table: self.table,
            paths: self.paths,
            document: self.document,
            find_server: None,
            problems: self.problems,
        }
    }

    /// Returns the finished router.
    ///
    /// # Errors
    ///
    /// Returns all problems of the router together: a route that is declared twice, a path that
    /// axum cannot route, a policy that names an issuer that the server does not have, or a document
    /// of [`openapi_route`](Self::openapi_route) that differs from the access table.
    pub fn into_router(mut self) -> Result<Router<S>, RouterError> {
        self.problems.extend(self.table.unchecked_issuers());
        self.problems.extend(self.table.pattern_conflicts());
        self.problems.extend(self.document.publish(&self.table));
        RouterError::unless_empty(self.problems)?;
        Ok(self.router)
    }
}
