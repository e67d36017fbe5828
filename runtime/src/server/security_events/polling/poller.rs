//! The parts of the polling of one transmitter.

use std::sync::Arc;

use super::exchange::PollEndpoint;
use super::status::PollStatus;
use crate::redaction::redacted;
use crate::server::ResourceServer;
use crate::server::security_events::TrustedTransmitter;

/// The parts of the polling of one transmitter.
pub(super) struct Poller {
    /// Receives the events.
    pub(super) server: ResourceServer,
    pub(super) transmitter: Arc<TrustedTransmitter>,
    pub(super) endpoint: PollEndpoint,
    pub(super) status: Arc<PollStatus>,
}

impl Poller {
    /// Returns the transmitter as the log shows it.
    pub(super) fn name(&self) -> &str {
        redacted(&self.transmitter.identifier)
    }
}
