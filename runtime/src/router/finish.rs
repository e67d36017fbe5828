//! From declared routes to the application.

use axum::Router;

use super::{ProtectedRouter, RouterError};
use crate::server::HasResourceServer;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Gives the routes so far their state, as [`axum::Router::with_state`] does: a router of
    /// another state, or of none, can take up the result.
    #[must_use]
    pub fn with_state<S2>(mut self, state: S) -> ProtectedRouter<S2>
    where
        S: HasResourceServer,
    {
        let known = |issuer: &str| state.resource_server().has_issuer(issuer);
        self.problems.extend(self.table.check_issuers(known));
        ProtectedRouter {
            fallback: self.fallback.map(|router| router.with_state(state.clone())),
            router: self.router.with_state(state),
            table: self.table,
            paths: self.paths,
            document: self.document,
            problems: self.problems,
        }
    }

    /// The finished router.
    ///
    /// # Errors
    ///
    /// Everything that only shows now, at once: two declarations for one route, a path that cannot
    /// be routed, a policy that names an issuer which the server does not have.
    pub fn into_router(mut self) -> Result<Router<S>, RouterError> {
        self.problems.extend(self.table.unchecked_issuers());
        RouterError::unless_empty(self.problems)?;
        Ok(self.router)
    }
}
