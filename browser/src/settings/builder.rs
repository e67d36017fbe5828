//! The builder of a backend.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use axum_protected::ResourceServer;

use super::{ClientSecret, SameSite, SealingKey, SessionPlace};

/// The default for the number of sessions in the memory of the process.
const MEMORY_SESSIONS: usize = 100_000;

/// Builder of a [`BrowserBackend`](crate::BrowserBackend).
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct BrowserBackendBuilder {
    pub(crate) server: ResourceServer,
    pub(crate) issuer: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) id_token_audiences: Vec<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) authorization_parameters: Vec<(String, String)>,
    pub(crate) route_prefix: String,
    pub(crate) after_logout: String,
    pub(crate) cookie_name: String,
    pub(crate) same_site: SameSite,
    pub(crate) session_limit: Duration,
    pub(crate) idle_limit: Option<Duration>,
    pub(crate) place: SessionPlace,
    pub(crate) login_keys: Option<Vec<SealingKey>>,
}

impl BrowserBackendBuilder {
    pub(crate) fn new(server: &ResourceServer) -> Self {
        Self {
            server: server.clone(),
            issuer: None,
            client_id: None,
            client_secret: None,
            id_token_audiences: Vec::new(),
            public_url: None,
            scopes: Vec::new(),
            authorization_parameters: Vec::new(),
            route_prefix: String::new(),
            after_logout: "/".to_owned(),
            cookie_name: "session".to_owned(),
            same_site: SameSite::default(),
            session_limit: Duration::from_secs(8 * 3600),
            idle_limit: None,
            place: SessionPlace::Memory { limit: MEMORY_SESSIONS },
            login_keys: None,
        }
    }

    /// Sets the issuer at which users sign in, by the name or the identifier that it has in the
    /// configuration of the server. Default: the only issuer of the server.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets the identifier of the application at the provider (`client_id`, RFC 6749 section 2.2).
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// Sets the secret of the application at the provider. Without a secret, the application is a
    /// public client, which proves with PKCE alone that it began the sign-in.
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = Some(ClientSecret::Text(secret.into()));
        self
    }

    /// Sets a file that contains the secret of the application at the provider. Spaces and line
    /// breaks around the secret do not matter. The backend reads the file once, when it is built.
    pub fn client_secret_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.client_secret = Some(ClientSecret::File(path.into()));
        self
    }

    /// Sets the origin at which browsers reach the application, such as `https://notes.example.com`.
    /// The scheme is https, or http on loopback. Default: the origin of the server's
    /// [`public_url`](axum_protected::ResourceServerBuilder::public_url).
    ///
    /// Register the origin with the path of `/callback` as the redirect URI at the provider, for
    /// example `https://notes.example.com/callback`.
    pub fn public_url(mut self, origin: impl Into<String>) -> Self {
        self.public_url = Some(origin.into());
        self
    }

    /// Permits an audience that ID tokens of the provider name beside the client, such as the project
    /// at Zitadel. Call this method once for each audience. Default: an ID token with any other
    /// audience is refused (OpenID Connect Core section 3.1.3.7).
    pub fn id_token_audience(mut self, audience: impl Into<String>) -> Self {
        self.id_token_audiences.push(audience.into());
        self
    }

    /// Adds scopes that the application requests for its users. The scope `openid` is always
    /// requested.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Adds a parameter to the authorization request, such as `audience` (with which Auth0 selects
    /// the API of the access token), `resource` (RFC 8707) or `prompt`. The parameters of the
    /// protocol itself, such as `state`, are refused.
    pub fn extra_authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.authorization_parameters.push((name.into(), value.into()));
        self
    }

    /// Sets the path in front of the paths of all routes of the backend. With `/auth`, the sign-in
    /// is at `/auth/login`. Default: no prefix.
    pub fn route_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.route_prefix = prefix.into();
        self
    }

    /// Sets the path to which the provider sends the browser after the sign-out. Default: `/`.
    ///
    /// Register the origin with this path as a post-logout redirect URI at the provider.
    pub fn after_logout(mut self, path: impl Into<String>) -> Self {
        self.after_logout = path.into();
        self
    }
}

impl fmt::Debug for BrowserBackendBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BrowserBackendBuilder")
            .field("client_id", &self.client_id)
            .field("public_url", &self.public_url)
            .field("scopes", &self.scopes)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
