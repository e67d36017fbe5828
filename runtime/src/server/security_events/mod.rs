//! Verifies logout tokens and security events with the keys of their issuer, and revokes the tokens
//! that they concern.

mod logout;
mod logout_error;
mod polling;
mod push;
mod receive;
mod refusal_warnings;
mod revoke;
mod transmitter;
mod transmitter_keys;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use self::logout_error::LogoutError;
pub(in crate::server) use self::polling::{EventPoll, PollAuthorization, PollEndpoint};
pub(crate) use self::refusal_warnings::UNKNOWN_SENDER;
pub(in crate::server) use self::transmitter::TrustedTransmitter;
pub(in crate::server) use self::transmitter_keys::{OwnKeys, TransmitterKeys};

use self::refusal_warnings::RefusalWarnings;
use crate::security_event::ReceivedIds;

/// The state of the receivers of a server.
pub(in crate::server) struct SecurityEvents {
    /// The transmitters by their identifiers.
    pub(in crate::server) transmitters: HashMap<Arc<str>, Arc<TrustedTransmitter>>,
    /// The logout tokens that had their effect.
    logouts: ReceivedIds,
    warnings: RefusalWarnings,
}

/// Transmitter that the server polls, with its endpoint.
pub(in crate::server) type Polled = (Arc<TrustedTransmitter>, PollEndpoint);

impl SecurityEvents {
    /// Creates the state of these transmitters. Also returns those that the server polls.
    pub(in crate::server) fn new(
        started: impl Iterator<Item = (TrustedTransmitter, Option<PollEndpoint>)>,
    ) -> (Self, Vec<Polled>) {
        let mut transmitters = HashMap::new();
        let mut polled = Vec::new();
        for (transmitter, endpoint) in started {
            let transmitter = Arc::new(transmitter);
            polled.extend(endpoint.map(|endpoint| (Arc::clone(&transmitter), endpoint)));
            transmitters.insert(Arc::clone(&transmitter.identifier), transmitter);
        }
        let (logouts, warnings) = (ReceivedIds::new(), RefusalWarnings::default());
        (Self { transmitters, logouts, warnings }, polled)
    }
}
