//! The setting of the server for security events.

use super::builder::ResourceServerBuilder;
use crate::security_event::EventTransmitter;

impl ResourceServerBuilder {
    /// Adds a transmitter whose security events revoke tokens. Call this method once for each
    /// transmitter. In a file, the transmitters are a list, `event_transmitters`.
    ///
    /// The guide has a page about [security events](crate::guide::security_events).
    #[must_use]
    pub fn event_transmitter(mut self, transmitter: EventTransmitter) -> Self {
        self.event_transmitters.push(transmitter);
        self
    }
}
