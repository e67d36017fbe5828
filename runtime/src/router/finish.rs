//! Conversion of a [`ProtectedRouter`] into an [`axum::Router`].

use axum::Router;

use super::{ProtectedRouter, RouterError};
use crate::credential::cookies_are_taken;
use crate::layer::PrivateResponsesLayer;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Provides the state for all routes added so far, like [`axum::Router::with_state`]. The
    /// returned router can be nested in or merged into a router that has another state or no state.
    #[must_use]
    pub fn with_state<S2>(mut self, state: S) -> ProtectedRouter<S2> {
        // Without a protected handler, only a guarded middleware names issuers. It has a state of
        // its own, and the issuers of that state are not known here.
        let problems = self.table.check_issuers(|issuer| {
            self.find_server.is_none_or(|find| find(&state).has_issuer(issuer))
        });
        self.problems.extend(problems);
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
    /// If a server of the program takes credentials from cookies, as with
    /// [`token_cookie`](crate::ResourceServerBuilder::token_cookie), all routes and layers are inside
    /// of a [`PrivateResponsesLayer`]. Build the server before.
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
        RouterError::unless_empty(std::mem::take(&mut self.problems))?;
        // The server of a middleware and of a later state is not known here.
        let finished = if cookies_are_taken() { self.layer(PrivateResponsesLayer) } else { self };
        Ok(finished.router)
    }
}
