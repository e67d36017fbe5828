//! Accepts one security event, in whichever way it came.

use super::transmitter::TrustedTransmitter;
use crate::security_event::{EventError, Receipt};
use crate::server::ResourceServer;

impl ResourceServer {
    /// Verifies a security event token of this transmitter and revokes the tokens that it concerns.
    /// Returns when all instances of the server know of the revocations.
    pub(in crate::server) async fn receive_event(
        &self,
        transmitter: &TrustedTransmitter,
        text: &str,
    ) -> Result<Receipt, EventError> {
        let _ = (self, transmitter, text);
        std::future::ready(Err(EventError::unavailable("no event is accepted yet"))).await
    }
}
