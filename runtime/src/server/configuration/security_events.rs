//! The description of the transmitters of security events.

use serde::Serialize;

use crate::redaction::redacted_url;
use crate::server::validation::ValidTransmitter;
use crate::server::validation::event_source::EventSource;

/// The configuration of a transmitter of security events, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "they are independent settings")]
pub struct EventTransmitterConfiguration {
    /// The identifier of the transmitter.
    pub issuer: String,
    /// The accepted audiences of its events.
    pub audiences: Vec<String>,
    /// The issuers whose tokens it may revoke.
    pub about: Vec<String>,
    /// The origin of the keys of its events: `issuer` for those of the issuer with the same
    /// identifier, `discovery` for those that its metadata names, or the name of a setting.
    pub keys: &'static str,
    /// The endpoint that the server polls. `None` if it does not poll.
    pub poll_endpoint: Option<String>,
    /// True if poll requests have an `Authorization`.
    pub poll_authorization: bool,
    /// True if plain http is permitted.
    pub insecure_http: bool,
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
            keys: transmitter.source.as_ref().map_or("", EventSource::key_origin),
            poll_endpoint: transmitter.settings.poll_endpoint.as_deref().map(redacted_url),
            poll_authorization: transmitter.settings.has_poll_authorization(),
            insecure_http: transmitter.settings.insecure_http,
            push_authorization: transmitter.authorization.is_some(),
            further_revocations: transmitter.settings.further_revocations.is_some(),
        }
    }
}
