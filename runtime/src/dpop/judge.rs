//! The judge of the proofs of one server.

use http::{HeaderValue, Method, Uri};

use crate::algorithm::Algorithm;
use crate::error::{Fault, TokenError};
use crate::possession::Thumbprint;

/// The judge of DPoP proofs. Servers for resources of the same API share it.
#[derive(Debug)]
pub(crate) struct DpopJudge {
    algorithms: Vec<Algorithm>,
    is_required: bool,
}

/// A request that presents a proof, and the token that the proof is for.
pub(crate) struct Presented<'a> {
    /// The only line of the header `DPoP`.
    pub(crate) proof: &'a HeaderValue,
    pub(crate) method: &'a Method,
    /// The URI of the request before any router removed a prefix.
    pub(crate) uri: &'a Uri,
    /// The access token, exactly as the request presents it.
    pub(crate) token: &'a [u8],
    /// The key to which the token is bound.
    pub(crate) jkt: &'a Thumbprint,
}

impl DpopJudge {
    /// Judges the proof of a request. The caller keeps the outcome for the rest of the request,
    /// because a second judgement would find that the proof was used.
    #[expect(clippy::unused_async, reason = "the replay store waits")]
    pub(crate) async fn judge(&self, presented: Presented<'_>) -> Result<(), TokenError> {
        let Presented { proof, method, uri, token, jkt } = presented;
        let _ = (proof, method, uri, token, jkt);
        Err(Fault::ProofMissing.into())
    }

    /// Returns a fresh nonce for the header `DPoP-Nonce`. Returns `None` if the configuration
    /// demands no nonces.
    pub(crate) fn nonce(&self) -> Option<HeaderValue> {
        None
    }

    /// Returns the accepted algorithms, for the parameter `algs` of challenges.
    pub(crate) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Returns true if every token must be bound to the key of proofs.
    pub(crate) fn is_required(&self) -> bool {
        self.is_required
    }
}
