//! The issuer that the program trusts.

use std::env;
use std::error::Error;

use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;

/// A configured issuer, or the program's own embedded issuer.
pub(super) enum Tokens {
    Real(ResourceServer),
    /// The embedded issuer, and the resource server that trusts it. The issuer stops when this
    /// variant is dropped.
    Embedded(AuthorizationServer, ResourceServer),
}

impl Tokens {
    /// Uses the configured issuer if at least one `OAUTH_` variable is set. An incomplete
    /// configuration is an error and does not start a development issuer.
    pub(super) async fn from_environment() -> Result<Self, Box<dyn Error>> {
        let variables = ["OAUTH_ISSUER", "OAUTH_AUDIENCE", "OAUTH_JWKS_URI"];
        if variables.iter().any(|name| env::var_os(name).is_some()) {
            return Ok(Self::Real(ResourceServer::from_env()?));
        }
        let issuer = AuthorizationServer::start().await?;
        let server = issuer.resource_server().build()?;
        Ok(Self::Embedded(issuer, server))
    }

    pub(super) fn resource_server(&self) -> ResourceServer {
        match self {
            Self::Real(server) | Self::Embedded(_, server) => server.clone(),
        }
    }

    pub(super) fn embedded(&self) -> Option<&AuthorizationServer> {
        match self {
            Self::Real(_) => None,
            Self::Embedded(issuer, _) => Some(issuer),
        }
    }
}
