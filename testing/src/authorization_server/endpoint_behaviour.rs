//! The endpoints that a test can disturb, and the numbers of their requests.

use super::AuthorizationServer;
use super::introspection::IntrospectionEndpoint;
use super::token_endpoint::TokenEndpoint;

impl AuthorizationServer {
    /// Changes the behaviour of the token endpoint for all requests that come from now on.
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// use axum_protected_testing::TokenEndpoint;
    ///
    /// issuer.set_token_endpoint(TokenEndpoint::Unavailable);
    /// # }
    /// ```
    pub fn set_token_endpoint(&self, behaviour: TokenEndpoint) {
        if let Some(issuing) = &self.issuing {
            issuing.token_endpoint.set(behaviour);
        }
    }

    /// Returns the number of refresh requests that the token endpoint has received, refused and
    /// unanswered requests included.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.issuing.as_ref().map_or(0, |issuing| issuing.token_endpoint.requests())
    }

    /// Changes the behaviour of the introspection endpoint for all requests that come from now on.
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// use axum_protected_testing::IntrospectionEndpoint;
    /// use serde_json::json;
    ///
    /// issuer.set_introspection(IntrospectionEndpoint::Silent);
    /// issuer.set_introspection(IntrospectionEndpoint::Answer(json!({ "active": "true" })));
    /// # }
    /// ```
    pub fn set_introspection(&self, behaviour: IntrospectionEndpoint) {
        if let Some(introspection) = &self.introspection {
            introspection.endpoint.set(behaviour);
        }
    }

    /// Returns the number of requests that the introspection endpoint has received, refused and
    /// unanswered requests included.
    #[must_use]
    pub fn introspections(&self) -> usize {
        self.introspection.as_ref().map_or(0, |introspection| introspection.endpoint.requests())
    }
}
