//! The kind of tokens that an issuer issues, as far as its keys depend on it.

use crate::keys::WellKnown;

/// Role of an issuer. It determines where the metadata is that names the keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::server) enum IssuerRole {
    /// Issuer of access tokens.
    #[default]
    Tokens,
    /// Transmitter of security events, whose keys verify no access tokens.
    #[cfg(feature = "security_events")]
    Events,
}

impl IssuerRole {
    /// Returns the noun with which problems of the configuration name the issuer.
    pub(in crate::server) const fn noun(self) -> &'static str {
        match self {
            Self::Tokens => "issuer",
            #[cfg(feature = "security_events")]
            Self::Events => "event transmitter",
        }
    }

    pub(in crate::server) const fn well_known(self) -> WellKnown {
        match self {
            Self::Tokens => WellKnown::AuthorizationServer,
            #[cfg(feature = "security_events")]
            Self::Events => WellKnown::EventTransmitter,
        }
    }
}
