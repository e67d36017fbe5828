//! The registration of a client.

use std::fmt;

/// A client of the authorization server (RFC 6749 section 2).
///
/// ```
/// use axum_protected_testing::Client;
///
/// let page = Client::public("swagger-ui").redirect_uri("http://127.0.0.1:3000/callback");
/// let machine = Client::confidential("nightly-import", "a development secret");
/// ```
#[derive(Clone)]
#[must_use = "it is registered by `AuthorizationServerBuilder::client`"]
pub struct Client {
    pub(super) id: String,
    pub(super) secret: Option<String>,
    pub(super) redirect_uris: Vec<String>,
    pub(super) post_logout_redirect_uris: Vec<String>,
    pub(super) backchannel_logout_uri: Option<String>,
    pub(super) opaque_access_tokens: bool,
    pub(super) dpop_bound_access_tokens: bool,
    pub(super) require_pushed_authorization_requests: bool,
}

impl Client {
    /// Creates a client that cannot keep a secret, such as a page in a browser or a program on a
    /// user's machine. The client gets tokens for its users and needs a redirect URI.
    pub fn public(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            opaque_access_tokens: false,
            dpop_bound_access_tokens: false,
            require_pushed_authorization_requests: false,
        }
    }

    /// Creates a client that authenticates with a secret. The client gets tokens for itself. With a
    /// redirect URI the client also gets tokens for its users.
    pub fn confidential(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { secret: Some(secret.into()), ..Self::public(id) }
    }

    /// Adds a redirect URI: https, or http on loopback. The server compares redirect URIs character
    /// by character (RFC 9700 section 2.1). A public client that registers a loopback
    /// address without a port, such as `http://127.0.0.1/callback`, may use any port, because a
    /// program gets a free port at its start (RFC 8252 section 7.3). Repeated calls add several
    /// redirect URIs.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Adds a URI to which the server sends the browser after a logout that the client has started
    /// (OpenID Connect RP-Initiated Logout 1.0 section 3.1). The rules are those of
    /// [`redirect_uri`](Self::redirect_uri), and the port is always compared. Repeated calls add
    /// several URIs.
    pub fn post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.post_logout_redirect_uris.push(uri.into());
        self
    }

    /// Sets the URI to which the server posts a logout token when a session of the client ends
    /// (OpenID Connect Back-Channel Logout 1.0 section 2.2). The URI is http on loopback, because
    /// the server sends the token without TLS.
    pub fn backchannel_logout_uri(mut self, uri: impl Into<String>) -> Self {
        self.backchannel_logout_uri = Some(uri.into());
        self
    }

    /// Makes the access tokens of the client opaque: a resource server learns their claims by
    /// introspection only. By default they are JWTs.
    pub fn opaque_access_tokens(mut self) -> Self {
        self.opaque_access_tokens = true;
        self
    }

    /// Refuses token requests of the client without a DPoP proof (RFC 9449 section 5.2). By default
    /// the tokens of a request are bound if it has a proof.
    pub fn dpop_bound_access_tokens(mut self) -> Self {
        self.dpop_bound_access_tokens = true;
        self
    }

    /// Refuses authorization requests of the client that it has not pushed (RFC 9126 section 6). By
    /// default both kinds are accepted.
    pub fn require_pushed_authorization_requests(mut self) -> Self {
        self.require_pushed_authorization_requests = true;
        self
    }
}

/// Formats the client without its secret.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("id", &self.id)
            .field("redirect_uris", &self.redirect_uris)
            .field("post_logout_redirect_uris", &self.post_logout_redirect_uris)
            .field("backchannel_logout_uri", &self.backchannel_logout_uri)
            .field("opaque_access_tokens", &self.opaque_access_tokens)
            .field("dpop_bound_access_tokens", &self.dpop_bound_access_tokens)
            .field(
                "require_pushed_authorization_requests",
                &self.require_pushed_authorization_requests,
            )
            .finish_non_exhaustive()
    }
}
