//! The configuration of the server.

use std::io;

use super::AuthorizationServer;
use super::client::Client;
use super::registered_clients::Registration;

/// Describes an [`AuthorizationServer`] that issues tokens to clients. Created by
/// [`AuthorizationServer::builder`].
#[derive(Debug, Clone, Default)]
#[must_use = "nothing is started before `start`"]
pub struct AuthorizationServerBuilder {
    clients: Vec<Client>,
    scopes: Vec<String>,
}

impl AuthorizationServerBuilder {
    /// Registers a client. May be repeated. Without a client the server has metadata and keys only.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Adds scopes that clients may request; none by default. May be repeated.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Makes keys and starts to serve on a free port of loopback.
    ///
    /// # Errors
    ///
    /// If clients or scopes are invalid: the error names all problems together. If there is no free
    /// port, or no randomness for the keys.
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
