//! The part of the health report about the transmitters of security events.

use std::time::Duration;

use serde::Serialize;

use super::ResourceServer;
use super::health::seconds;
use super::security_events::{EventPoll, TrustedTransmitter};
use crate::error_chain::ErrorChain;

/// The state of a transmitter of security events. Serde serializes the durations as whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventTransmitterHealth {
    /// The identifier of the transmitter.
    pub issuer: String,
    /// The number of keys that the server holds for the events.
    pub keys: usize,
    /// True if the server can verify events, because it holds keys that are not too old.
    pub keys_usable: bool,
    /// The error message of the last fetch of keys, if it failed. `None` if it succeeded.
    pub last_error: Option<String>,
    /// The state of the polling. `None` if the server does not poll the transmitter.
    pub poll: Option<EventPollHealth>,
}

/// The state of the polling of a transmitter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventPollHealth {
    /// The time since the transmitter last answered. It grows to half a minute while there are no
    /// events. `None` if the transmitter has not answered yet.
    #[serde(rename = "age_seconds", serialize_with = "seconds")]
    pub age: Option<Duration>,
    /// The cause for which the last request had no usable answer, or for which the transmitter must
    /// send an event again. `None` if all is well.
    pub last_error: Option<String>,
}

impl ResourceServer {
    /// Returns the state of each transmitter. Also starts the polls that are not running.
    pub(super) fn event_transmitter_health(&self) -> Vec<EventTransmitterHealth> {
        self.ensure_polling();
        let inner = self.inner();
        let health = |transmitter: &TrustedTransmitter| {
            let poll = inner.event_polls.iter().find(|poll| poll.is_of(transmitter));
            let status = transmitter.keys.keys().status();
            EventTransmitterHealth {
                issuer: transmitter.identifier.as_ref().to_owned(),
                keys: status.keys,
                keys_usable: status.usable,
                last_error: status.last_error.map(|error| ErrorChain(&*error).to_string()),
                poll: poll.map(EventPoll::health),
            }
        };
        let transmitters = inner.security_events.transmitters.values();
        let mut all: Vec<_> = transmitters.map(|transmitter| health(transmitter)).collect();
        all.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        all
    }
}

impl EventPoll {
    fn health(&self) -> EventPollHealth {
        EventPollHealth { age: self.status.age(), last_error: self.status.last_error() }
    }
}
