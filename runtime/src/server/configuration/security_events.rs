//! The description of the transmitters of security events.

use serde::Serialize;

use crate::server::validation::ValidTransmitter;

/// The configuration of a transmitter of security events, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventTransmitterConfiguration {
    /// The identifier of the transmitter.
    pub issuer: String,
    /// The accepted audiences of its events.
    pub audiences: Vec<String>,
    /// The issuers whose tokens it may revoke.
    pub about: Vec<String>,
    /// True if a pushed event must have the configured `Authorization`.
    pub push_authorization: bool,
    /// True if the application returns further revocations.
    pub further_revocations: bool,
}

impl EventTransmitterConfiguration {
    pub(in crate::server) fn of(transmitter: &ValidTransmitter) -> Self {
        Self {
            issuer: transmitter.settings.issuer.clone(),
            audiences: transmitter.settings.audiences.clone(),
            about: transmitter.about.clone(),
            push_authorization: transmitter.authorization.is_some(),
            further_revocations: transmitter.settings.further_revocations.is_some(),
        }
    }
}
