//! The configuration of an authorization server.

use std::io;
use std::time::Duration;

use super::client::Client;
use super::registered_clients::Registration;
use super::{AuthorizationServer, Startup};
use crate::token::LIFETIME;

/// The longest lifetime of access tokens: a year.
const LONGEST_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// A builder for an [`AuthorizationServer`] that issues tokens to clients.
/// [`AuthorizationServer::builder`] creates the builder.
#[derive(Debug, Clone)]
#[must_use = "nothing is started before `start`"]
pub struct AuthorizationServerBuilder {
    clients: Vec<Client>,
    scopes: Vec<String>,
    port: u16,
    token_lifetime: Duration,
}

impl Default for AuthorizationServerBuilder {
    fn default() -> Self {
        Self { clients: Vec::new(), scopes: Vec::new(), port: 0, token_lifetime: LIFETIME }
    }
}

impl AuthorizationServerBuilder {
    /// Registers a client. Repeated calls register several clients. Without a client the server
    /// serves only its metadata and its JWK set.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Adds scopes that clients may request. By default clients may request only `openid`, for an
    /// ID token. Repeated calls add more scopes.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Sets the port of the server on loopback, so that the configuration of a client survives a
    /// restart. By default, and for `0`, the server uses a free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the lifetime of the access tokens and ID tokens that clients get, in whole seconds. A
    /// fraction of a second is cut off. The default is an hour, the minimum a second, the maximum a
    /// year. The lifetime of tokens of [`AuthorizationServer::token`] does not change.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = Duration::from_secs(lifetime.as_secs());
        self
    }

    /// Generates keys and starts a server on loopback.
    ///
    /// # Errors
    ///
    /// Returns an error if clients, scopes or the lifetime are invalid. This error names all
    /// problems together. Also returns an error if the port is not free, or if the operating system
    /// returns no randomness for the keys.
    pub async fn start(self) -> io::Result<AuthorizationServer> {
        let has_clients = !self.clients.is_empty();
        let mut problems = Vec::new();
        if self.token_lifetime.is_zero() || self.token_lifetime > LONGEST_LIFETIME {
            problems.push("the token lifetime is not between a second and a year".to_owned());
        }
        let registration = Registration::read(self.clients, self.scopes)
            .map_err(|others| problems.extend(others))
            .ok()
            .filter(|_| has_clients);
        if !problems.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the authorization server cannot be started: {}", problems.join("; ")),
            ));
        }
        let startup =
            Startup { port: self.port, token_lifetime: self.token_lifetime, registration };
        AuthorizationServer::serve(startup).await
    }
}
