//! The URLs of the authorization server.

use super::AuthorizationServer;

impl AuthorizationServer {
    /// Returns the issuer identifier of the server, which is also the URL of the server.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the URL of the authorization endpoint. The endpoint exists only if a client is
    /// registered.
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        format!("{}/authorize", self.issuer)
    }

    /// Returns the URL of the token endpoint. The endpoint exists only if a client is registered.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/token", self.issuer)
    }

    /// Returns the URL of the userinfo endpoint. The endpoint exists only if a client is registered.
    #[must_use]
    pub fn userinfo_endpoint(&self) -> String {
        format!("{}/userinfo", self.issuer)
    }

    /// Returns the URL of the endpoint for logouts that a client starts through the browser (OpenID
    /// Connect RP-Initiated Logout 1.0). The endpoint exists only if a client is registered.
    #[must_use]
    pub fn end_session_endpoint(&self) -> String {
        format!("{}/logout", self.issuer)
    }

    /// Returns the URL of the endpoint for pushed authorization requests (RFC 9126). The endpoint
    /// exists only if a client is registered.
    #[must_use]
    pub fn pushed_authorization_request_endpoint(&self) -> String {
        format!("{}/par", self.issuer)
    }

    /// Returns the URL of the revocation endpoint (RFC 7009). The endpoint exists only if a client is
    /// registered.
    #[must_use]
    pub fn revocation_endpoint(&self) -> String {
        format!("{}/revoke", self.issuer)
    }

    /// Returns the URL of the introspection endpoint (RFC 7662). The endpoint exists only if a
    /// protected resource is registered.
    #[must_use]
    pub fn introspection_endpoint(&self) -> String {
        format!("{}/introspect", self.issuer)
    }
}
