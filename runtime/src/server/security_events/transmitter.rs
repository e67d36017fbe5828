//! A transmitter of security events that the server trusts.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::transmitter_keys::TransmitterKeys;
use crate::security_event::{EventTransmitter, PushAuthorization, ReceivedIds};
use crate::server::validation::ValidTransmitter;

/// A transmitter of the server, with its valid settings and its keys.
pub(in crate::server) struct TrustedTransmitter {
    pub(in crate::server) identifier: Arc<str>,
    pub(in crate::server) settings: EventTransmitter,
    pub(in crate::server) keys: TransmitterKeys,
    /// The issuers of which the transmitter may speak.
    pub(super) about: Vec<String>,
    pub(super) authorization: Option<PushAuthorization>,
    pub(super) received: ReceivedIds,
    /// True after the warning about an event of an unknown type.
    pub(super) has_warned: AtomicBool,
}

impl TrustedTransmitter {
    pub(in crate::server) fn new(valid: ValidTransmitter, keys: TransmitterKeys) -> Self {
        let ValidTransmitter { settings, about, authorization, .. } = valid;
        Self {
            identifier: settings.issuer.as_str().into(),
            settings,
            keys,
            about,
            authorization,
            received: ReceivedIds::new(),
            has_warned: AtomicBool::new(false),
        }
    }

    /// Returns true if the transmitter may push events. One that is polled may only if its pushed
    /// events have an authorization.
    pub(super) fn is_pushed(&self) -> bool {
        self.settings.poll_endpoint.is_none() || self.authorization.is_some()
    }
}
