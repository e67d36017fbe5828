//! The configuration of an authorization server.

use std::io;

use super::AuthorizationServer;
use super::client::Client;
use super::registered_clients::Registration;

/// A builder for an [`AuthorizationServer`] that issues tokens to clients.
/// [`AuthorizationServer::builder`] creates the builder.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is started before `start`"]
pub struct AuthorizationServerBuilder {
    clients: Vec<Client>,
    scopes: Vec<String>,
}

impl AuthorizationServerBuilder {
    /// Registers a client. Repeated calls register several clients. Without a client the server
    /// serves only its metadata and its JWK set.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Adds scopes that clients may request. By default clients may request no scopes. Repeated
    /// calls add more scopes.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Generates keys and starts a server on a free loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if clients or scopes are invalid. The error for invalid clients or scopes
    /// names all problems together. Also returns an error if there is no free port, or if the
    /// operating system returns no randomness for the keys.
    pub async fn start(self) -> io::Result<AuthorizationServer> {
        let has_clients = !self.clients.is_empty();
        match Registration::read(self.clients, self.scopes) {
            Ok(registration) => {
                AuthorizationServer::serve(has_clients.then_some(registration)).await
            }
            Err(problems) => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the authorization server cannot be started: {}", problems.join("; ")),
            )),
        }
    }
}
