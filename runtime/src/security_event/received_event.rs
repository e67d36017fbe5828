//! A verified security event, as the application sees it.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

/// A verified security event, for
/// [`EventTransmitter::further_revocations`](super::EventTransmitter::further_revocations).
///
/// The `Debug` output contains only the type of the event.
#[derive(Clone)]
pub struct ReceivedEvent {
    pub(super) transmitter: Arc<str>,
    pub(super) event_type: String,
    pub(super) subject: Option<Map<String, Value>>,
    pub(super) claims: Map<String, Value>,
    pub(super) time: SystemTime,
    pub(super) ends_sessions: bool,
}

impl ReceivedEvent {
    /// Returns the identifier of the transmitter.
    #[must_use]
    pub fn transmitter(&self) -> &str {
        &self.transmitter
    }

    /// Returns the URI of the event type, for example
    /// `https://schemas.openid.net/secevent/caep/event-type/session-revoked`.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Returns the subject identifier (RFC 9493) with its `format`. Returns `None` for an event
    /// about the stream.
    #[must_use]
    pub fn subject(&self) -> Option<&Map<String, Value>> {
        self.subject.as_ref()
    }

    /// Returns the claims of the event: the value of its type in `events`.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Returns the time of the event: `event_timestamp`, or `iat` of the token without it. It is
    /// never later than `iat` and the leeway, nor than now and the leeway.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// Returns true if the tokens of the subject that were issued up to [`time`](Self::time) lose
    /// their validity by the rules of the server.
    #[must_use]
    pub fn ends_sessions(&self) -> bool {
        self.ends_sessions
    }
}

impl fmt::Debug for ReceivedEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReceivedEvent")
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}
