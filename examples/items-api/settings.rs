//! What the environment says.

use std::env::{self, VarError};
use std::error::Error;
use std::net::SocketAddr;

use axum_protected::ResourceServer;

use super::AuthorizationServer;

const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 3000);

/// Where to listen.
pub(crate) fn address() -> Result<SocketAddr, String> {
    let text = match env::var("ITEMS_API_ADDR") {
        Ok(text) => text,
        Err(VarError::NotPresent) => return Ok(DEFAULT_ADDRESS),
        Err(VarError::NotUnicode(_)) => return Err("`ITEMS_API_ADDR` is not Unicode".to_owned()),
    };
    text.parse()
        .map_err(|_| format!("`ITEMS_API_ADDR` is `{text}`, not an address as `127.0.0.1:3000`"))
}

/// Whose tokens are accepted.
pub(crate) enum Tokens {
    Real(ResourceServer),
    /// The issuer stops when it is dropped, so it is kept with the server that trusts it.
    Embedded(AuthorizationServer, ResourceServer),
}

impl Tokens {
    /// A real issuer as soon as one of the variables speaks of one: half a configuration is a
    /// mistake, no reason to trust a development issuer.
    pub(crate) async fn from_environment() -> Result<Self, Box<dyn Error>> {
        let variables = ["OAUTH_ISSUER", "OAUTH_AUDIENCE", "OAUTH_JWKS_URI"];
        if variables.iter().any(|name| env::var_os(name).is_some()) {
            return Ok(Self::Real(ResourceServer::from_env()?));
        }
        let issuer = AuthorizationServer::start().await?;
        let server = issuer.resource_server().build()?;
        Ok(Self::Embedded(issuer, server))
    }

    pub(crate) fn resource_server(&self) -> ResourceServer {
        match self {
            Self::Real(server) | Self::Embedded(_, server) => server.clone(),
        }
    }

    pub(crate) fn embedded(&self) -> Option<&AuthorizationServer> {
        match self {
            Self::Real(_) => None,
            Self::Embedded(issuer, _) => Some(issuer),
        }
    }
}
