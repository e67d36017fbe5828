//! Verifies logout tokens and security events with the keys of their issuer, and revokes the tokens
//! that they concern.

mod logout;
mod push;
mod receive;
mod revoke;
mod transmitter;
mod transmitter_keys;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use self::logout::LogoutError;
pub(in crate::server) use self::transmitter::TrustedTransmitter;
pub(in crate::server) use self::transmitter_keys::TransmitterKeys;

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

impl SecurityEvents {
    /// Creates the state of the valid transmitters of a server with these issuers.
    pub(in crate::server) fn start(
        transmitters: Vec<ValidTransmitter>,
        issuers: &HashMap<String, Arc<TrustedIssuer>>,
    ) -> Self {
        let transmitters = transmitters
            .into_iter()
            .filter_map(|valid| {
                let keys =
                    TransmitterKeys::Issuer(Arc::clone(issuers.get(&valid.settings.issuer)?));
                let transmitter = TrustedTransmitter::new(valid, keys);
                Some((Arc::clone(&transmitter.identifier), Arc::new(transmitter)))
            })
            .collect();
        Self { transmitters, logouts: ReceivedIds::new() }
    }
}
