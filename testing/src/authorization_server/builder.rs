//! The configuration of an authorization server.

use std::io;
use std::time::Duration;

use super::AuthorizationServer;
use super::authorization_details;
use super::client::Client;
use super::introspection::{ProtectedResource, RegisteredResources};
use super::issued_tokens::LONGEST_LIFETIME;
use super::registered_clients::Registration;
use super::requested_acr;
use super::startup::Startup;
use crate::token::LIFETIME;

/// A builder for an [`AuthorizationServer`] that issues tokens to clients.
/// [`AuthorizationServer::builder`] creates the builder.
#[derive(Debug, Clone)]
#[must_use = "nothing is started before `start`"]
pub struct AuthorizationServerBuilder {
    clients: Vec<Client>,
    protected_resources: Vec<ProtectedResource>,
    scopes: Vec<String>,
    authorization_details_types: Vec<String>,
    acr_values: Vec<String>,
    port: u16,
    token_lifetime: Duration,
    requires_dpop_nonce: bool,
}

impl Default for AuthorizationServerBuilder {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            protected_resources: Vec::new(),
            scopes: Vec::new(),
            authorization_details_types: Vec::new(),
            acr_values: Vec::new(),
            port: 0,
            token_lifetime: LIFETIME,
            requires_dpop_nonce: false,
        }
    }
}

impl AuthorizationServerBuilder {
    /// Registers a client. Repeated calls register several clients. Without a client the server
    /// serves only its metadata and its JWK set.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Registers a protected resource, which may ask the introspection endpoint about tokens (RFC
    /// 7662). Repeated calls register several. Without a protected resource there is no such
    /// endpoint.
    ///
    /// ```
    /// use axum_protected_testing::{AuthorizationServer, ProtectedResource};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let issuer = AuthorizationServer::builder()
    ///     .protected_resource(ProtectedResource::confidential("items-api", "a secret"))
    ///     .start()
    ///     .await?;
    /// let token = issuer.opaque_token().subject("alice").scope("items:read").sign();
    /// assert_eq!(issuer.introspections(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn protected_resource(mut self, resource: ProtectedResource) -> Self {
        self.protected_resources.push(resource);
        self
    }

    /// Adds scopes that clients may request. By default clients may request only `openid`, for an
    /// ID token. Repeated calls add more scopes.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Adds types of authorization details that clients may request (RFC 9396). By default there are
    /// none. Repeated calls add more types.
    pub fn authorization_details_types(
        mut self,
        types: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.authorization_details_types.extend(types.into_iter().map(Into::into));
        self
    }

    /// Adds values of `acr` that a client may request for a sign-in (`acr_values`). The tokens of
    /// the sign-in have the first requested value that is among them; without one the request is
    /// refused (RFC 9470 section 5). By default each value may be requested. Repeated calls add more
    /// values.
    pub fn acr_values(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.acr_values.extend(values.into_iter().map(Into::into));
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

    /// Requires a nonce of this server in each DPoP proof for the token endpoint (RFC 9449 section
    /// 8). The server refuses a proof without one with `use_dpop_nonce`, and each response has the
    /// nonce for the next proof in the header `DPoP-Nonce`.
    pub fn require_dpop_nonce(mut self) -> Self {
        self.requires_dpop_nonce = true;
        self
    }

    /// Generates keys and starts a server on loopback.
    ///
    /// # Errors
    ///
    /// Returns an error if a client, a protected resource, a scope, a type of authorization details,
    /// an `acr` or the lifetime is invalid. This error names all problems together. Also returns an
    /// error if the port is not free, or if the operating system returns no randomness for the keys.
    pub async fn start(self) -> io::Result<AuthorizationServer> {
        let has_clients = !self.clients.is_empty();
        let mut problems = Vec::new();
        if self.token_lifetime.is_zero() || self.token_lifetime > LONGEST_LIFETIME {
            problems.push("the token lifetime is not between a second and a year".to_owned());
        }
        let has_values =
            !self.authorization_details_types.is_empty() || !self.acr_values.is_empty();
        if has_values && !has_clients {
            problems.push(
                "there are types of authorization details or `acr` values but no client that could \
                 request them"
                    .to_owned(),
            );
        }
        problems.extend(authorization_details::problems(&self.authorization_details_types));
        problems.extend(requested_acr::problems(&self.acr_values));
        let registration = Registration::read(self.clients, self.scopes)
            .map_err(|others| problems.extend(others))
            .ok()
            .filter(|_| has_clients)
            .map(|registration| {
                registration.offering(self.authorization_details_types, self.acr_values)
            });
        let resources = RegisteredResources::read(self.protected_resources)
            .map_err(|others| problems.extend(others))
            .ok()
            .flatten();
        if !problems.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the authorization server cannot be started: {}", problems.join("; ")),
            ));
        }
        let startup = Startup {
            port: self.port,
            token_lifetime: self.token_lifetime,
            registration,
            resources,
            requires_dpop_nonce: self.requires_dpop_nonce,
        };
        AuthorizationServer::serve(startup).await
    }
}
