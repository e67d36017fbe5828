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
}

impl Client {
    /// Creates a client that cannot keep a secret, such as a page in a browser or a program on a
    /// user's machine. The client gets tokens for its users and needs a redirect URI.
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None, redirect_uris: Vec::new() }
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
}

/// Formats the client without its secret.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("id", &self.id)
            .field("redirect_uris", &self.redirect_uris)
            .finish_non_exhaustive()
    }
}
