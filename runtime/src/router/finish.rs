//! Conversion of a [`ProtectedRouter`] into an [`axum::Router`].

use axum::Router;

use super::{ProtectedRouter, RouterError};

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Provides the state for all routes added so far, like [`axum::Router::with_state`]. The
    /// returned router can be nested in or merged into a router that has another state or no state.
    #[must_use]
    pub fn with_state<S2>(mut self, state: S) -> ProtectedRouter<S2> {
        if let Some(find) = self.find_server {
            let problems = self.table.check_issuers(|issuer| find(&state).has_issuer(issuer));
            self.problems.extend(problems);
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
    /// axum cannot route, or a policy that names an issuer that the server does not have.
    pub fn into_router(mut self) -> Result<Router<S>, RouterError> {
        self.problems.extend(self.table.unchecked_issuers());
        RouterError::unless_empty(self.problems)?;
        Ok(self.router)
    }
}
