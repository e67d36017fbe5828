//! Verifies logout tokens and security events with the keys of their issuer, and revokes the tokens
//! that they concern.

mod logout;
mod polling;
mod push;
mod receive;
mod revoke;
mod transmitter;
mod transmitter_keys;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use self::logout::LogoutError;
pub(in crate::server) use self::polling::{EventPoll, PollAuthorization, PollEndpoint};
pub(in crate::server) use self::transmitter::TrustedTransmitter;
pub(in crate::server) use self::transmitter_keys::{OwnKeys, TransmitterKeys};

use super::trusted_issuer::TrustedIssuer;
use super::validation::ValidTransmitter;
use crate::security_event::ReceivedIds;

/// The state of the receivers of a server.
pub(in crate::server) struct SecurityEvents {
    /// The transmitters by their identifiers.
    pub(in crate::server) transmitters: HashMap<Arc<str>, Arc<TrustedTransmitter>>,
    /// The logout tokens that had their effect.
    logouts: ReceivedIds,
}

/// Transmitter that the server polls, with its endpoint.
pub(in crate::server) type Polled = (Arc<TrustedTransmitter>, PollEndpoint);

impl SecurityEvents {
    /// Creates the state of the valid transmitters of a server with these issuers, and starts to fetch
    /// their keys. Also returns the transmitters that the server polls.
    pub(in crate::server) fn start(
        valid: Vec<ValidTransmitter>,
        issuers: &HashMap<String, Arc<TrustedIssuer>>,
    ) -> (Self, Vec<Polled>) {
        let mut transmitters = HashMap::new();
        let mut polled = Vec::new();
        for mut valid in valid {
            let source = valid.source.take();
            let Some((keys, endpoint)) = source.and_then(|source| source.start(issuers)) else {
                continue;
            };
            let transmitter = Arc::new(TrustedTransmitter::new(valid, keys));
            polled.extend(endpoint.map(|endpoint| (Arc::clone(&transmitter), endpoint)));
            transmitters.insert(Arc::clone(&transmitter.identifier), transmitter);
        }
        (Self { transmitters, logouts: ReceivedIds::new() }, polled)
    }
}
