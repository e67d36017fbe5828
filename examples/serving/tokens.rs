//! The issuer that the program trusts.

use std::error::Error;

use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;

use crate::configuration;

/// A configured issuer, or the program's own embedded issuer.
pub(super) enum Tokens {
    Real(ResourceServer),
    /// The embedded issuer, and the resource server that trusts it. The issuer stops when this
    /// variant is dropped.
    Embedded(AuthorizationServer, ResourceServer),
}

impl Tokens {
    /// Uses the configuration if there is one. An incomplete configuration is an error and does not
    /// start a development issuer.
    pub(super) async fn accepted(path_variable: &str) -> Result<Self, Box<dyn Error>> {
        if let Some(server) = configuration::resource_server(path_variable).await? {
            return Ok(Self::Real(server));
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
