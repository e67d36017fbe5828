//! The description of the settings of DPoP, for the operator.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::seconds;
use crate::algorithm::Algorithm;
use crate::dpop::Dpop;

/// The settings of DPoP with all defaults applied, as part of a
/// [`Configuration`](super::Configuration).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DpopConfiguration {
    /// True if every token must be bound to the key of proofs.
    pub required: bool,
    /// The accepted algorithms of proofs.
    pub algorithms: Vec<Algorithm>,
    /// True if each proof must contain a nonce of the server.
    pub nonce: bool,
    /// The file with the secrets for nonces.
    pub nonce_secret_file: Option<PathBuf>,
    /// The age up to which a proof is accepted. Serde serializes it as whole seconds.
    #[serde(rename = "max_age_seconds", serialize_with = "seconds")]
    pub max_age: Duration,
    /// The number of used proofs that the memory of the server can hold.
    pub replay_capacity: usize,
    /// True if the server accepts proofs while the store of the application does not answer.
    pub insecure_accept_replays_in_outages: bool,
}

impl DpopConfiguration {
    pub(in crate::server) fn of(dpop: &Dpop) -> Self {
        Self {
            required: dpop.required,
            algorithms: dpop.accepted_algorithms(),
            nonce: dpop.nonce,
            nonce_secret_file: dpop.nonce_secret_file.clone(),
            max_age: dpop.accepted_age(),
            replay_capacity: dpop.memory_capacity(),
            insecure_accept_replays_in_outages: dpop.insecure_accept_replays_in_outages,
        }
    }
}
