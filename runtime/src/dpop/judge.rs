//! The judge of the proofs of one server.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, Uri};

use super::known_headers::KnownHeaders;
use super::nonce::Nonces;
use super::proof::{Claims, DpopProof};
use super::replay_store::ProofId;
use super::replays::Replays;
use super::target_uri::BaseUri;
use super::warnings::Warnings;
use crate::algorithm::Algorithm;
use crate::clock::Clock;
use crate::error::{Fault, TokenError};
use crate::json::Item;
use crate::possession::Thumbprint;

/// Time by which the clock of a client may be ahead (RFC 9449 section 11.1).
pub(super) const AHEAD: Duration = Duration::from_secs(10);

/// The judge of DPoP proofs. Servers for resources of the same API share it.
#[derive(Debug)]
pub(crate) struct DpopJudge {
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) is_required: bool,
    /// `None` if the configuration demands no nonces.
    pub(super) nonces: Option<Nonces>,
    pub(super) max_age: Duration,
    pub(super) base: BaseUri,
    pub(super) replays: Replays,
    pub(super) warnings: Warnings,
    pub(super) known_headers: KnownHeaders,
    pub(super) clock: Arc<dyn Clock>,
}

/// A request that presents a proof, and the token that the proof is for.
pub(crate) struct Presented<'a> {
    /// The only line of the header `DPoP`.
    pub(crate) proof: &'a HeaderValue,
    pub(crate) method: &'a Method,
    /// The URI of the request before any router removed a prefix.
    pub(crate) uri: &'a Uri,
    /// The digest of the access token, exactly as the request presents it.
    pub(crate) ath: Thumbprint,
    /// The key to which the token is bound.
    pub(crate) jkt: &'a Thumbprint,
}

impl DpopJudge {
    /// Judges the proof of a request. The caller keeps the outcome for the rest of the request,
    /// because a second judgement would find that the proof was used.
    ///
    /// The rules are applied by their cost. The memory of used proofs comes last, so that it only
    /// grows by proofs that are valid in all other respects.
    pub(crate) async fn judge(&self, presented: Presented<'_>) -> Result<(), TokenError> {
        let now = self.clock.now();
        let (id, end) = self.valid_proof(&presented, now)?;
        let outcome = self.replays.add(id, presented.jkt, end, now).await;
        self.warnings.note(&outcome);
        outcome.map(drop)
    }

    /// Applies all rules except that the proof was not used before. Returns the identifier of the
    /// proof, and the end of the time in which it is accepted.
    fn valid_proof(
        &self,
        presented: &Presented<'_>,
        now: SystemTime,
    ) -> Result<(ProofId, SystemTime), Fault> {
        let proof =
            DpopProof::parse(presented.proof.as_bytes(), &self.algorithms, &self.known_headers)?;
        let claims = proof.claims()?;
        let end = self.check_request(&claims, presented, now)?;
        if proof.header.thumbprint != *presented.jkt {
            return Err(Fault::ProofKeyOther);
        }
        if !proof.has_valid_signature(&self.known_headers) {
            return Err(Fault::ProofSignature);
        }
        if let Some(nonces) = &self.nonces {
            check_nonce(nonces, claims.nonce, now)?;
        }
        Ok((ProofId::new(presented.jkt.octets(), claims.jti), end))
    }

    /// Compares the claims of a proof with its request and with the time. Returns the end of the
    /// time in which the proof is accepted.
    fn check_request(
        &self,
        claims: &Claims<'_>,
        presented: &Presented<'_>,
        now: SystemTime,
    ) -> Result<SystemTime, Fault> {
        // Methods are case-sensitive (RFC 9110 section 9.1).
        if claims.htm != presented.method.as_str() {
            return Err(Fault::ProofHtmOther);
        }
        if !self.base.is_target(claims.htu, presented.uri.path()) {
            return Err(Fault::ProofHtuOther);
        }
        let end = claims.iat.checked_add(self.max_age).ok_or(Fault::ProofIatAhead)?;
        if end < now {
            return Err(Fault::ProofIatPassed);
        }
        if claims.iat.duration_since(now).is_ok_and(|ahead| ahead > AHEAD) {
            return Err(Fault::ProofIatAhead);
        }
        // The digest has one spelling, which the parser requires.
        if Thumbprint::parse(claims.ath) != Some(presented.ath) {
            return Err(Fault::ProofAthOther);
        }
        Ok(end)
    }

    /// Returns a fresh nonce for the header `DPoP-Nonce`. Returns `None` if the configuration
    /// demands no nonces.
    pub(crate) fn nonce(&self) -> Option<HeaderValue> {
        self.nonces.as_ref()?.issue(self.clock.now())
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

fn check_nonce(nonces: &Nonces, nonce: Option<Item<'_>>, now: SystemTime) -> Result<(), Fault> {
    let nonce = nonce.ok_or(Fault::ProofNonceMissing)?;
    if nonce.as_str().is_some_and(|nonce| nonces.is_current(nonce, now)) {
        Ok(())
    } else {
        Err(Fault::ProofNonceOther)
    }
}

#[cfg(test)]
mod tests;
