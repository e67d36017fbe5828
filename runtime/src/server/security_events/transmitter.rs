//! A transmitter of security events that the server trusts.

use std::sync::Arc;

use super::transmitter_keys::TransmitterKeys;
use crate::security_event::EventTransmitter;

/// A transmitter of the server, with its valid settings and its keys.
pub(in crate::server) struct TrustedTransmitter {
    pub(in crate::server) identifier: Arc<str>,
    pub(in crate::server) settings: EventTransmitter,
    pub(in crate::server) keys: TransmitterKeys,
}
