//! Decides which proofs of possession a request must present for its token (RFC 9449 section 7, RFC
//! 8705 section 3).

use std::sync::Arc;

use http::HeaderValue;
use http::request::Parts;

use super::ResourceServer;
use crate::credential::Presentation;
use crate::dpop::{DpopJudge, only_proof};
use crate::error::{Fault, TokenError};
use crate::identity::AccessToken;
use crate::possession::{Proofs, Thumbprint};

/// The possession of the keys to which a token is bound, as far as a request shows it.
pub(crate) enum Possession<'a> {
    /// The request has presented these proofs, and the token needs no other.
    Proven(Proofs),
    /// The DPoP proof of the request must be judged. The request has presented the other proofs.
    Dpop(DpopDemand<'a>, Proofs),
}

/// The demand for a DPoP proof.
pub(crate) struct DpopDemand<'a> {
    pub(crate) judge: &'a Arc<DpopJudge>,
    /// The proof of the request.
    pub(crate) proof: &'a HeaderValue,
    /// The key to which the token is bound.
    pub(crate) jkt: Thumbprint,
}

impl ResourceServer {
    /// Returns the possession that a request shows for its token. Returns an error if the request
    /// lacks a proof, presents a wrong certificate, or presents the token in the wrong way.
    pub(crate) fn possession<'a>(
        &'a self,
        parts: &'a Parts,
        presentation: Presentation,
        token: &AccessToken,
    ) -> Result<Possession<'a>, Fault> {
        let is_dpop = presentation == Presentation::Dpop;
        let binding = token.binding();
        let (jkt, x5t) = (binding.and_then(|keys| keys.jkt), binding.and_then(|keys| keys.x5t));
        if is_dpop && jkt.is_none() {
            return Err(Fault::TokenNotBound);
        }
        if jkt.is_some() && !is_dpop {
            return Err(Fault::SchemeNotDpop);
        }
        if let Some(expected) = x5t {
            let certificate = self.inner().certificates.thumbprint(parts)?;
            if certificate.ok_or(Fault::CertificateMissing)? != expected {
                return Err(Fault::CertificateOther);
            }
        }
        let proofs = Proofs { dpop: jkt.is_some(), mtls: x5t.is_some() };
        let Some(jkt) = jkt else { return Ok(Possession::Proven(proofs)) };
        let judge = self.inner().dpop.as_ref().ok_or(Fault::Bound)?;
        let demand = DpopDemand { judge, proof: only_proof(&parts.headers)?, jkt };
        Ok(Possession::Dpop(demand, proofs))
    }

    /// Refuses a token that is bound to a key, for a caller that has no request to prove possession
    /// with.
    pub(super) fn refuse_bound(
        presentation: Presentation,
        token: AccessToken,
    ) -> Result<AccessToken, TokenError> {
        if needs_proof(presentation, &token) {
            return Err(Fault::PossessionUnknown.into());
        }
        Ok(token)
    }
}

/// Returns true if the request must show that the caller holds a key: for a token that is bound to
/// one, and for a token with the scheme `DPoP`.
#[inline]
pub(crate) fn needs_proof(presentation: Presentation, token: &AccessToken) -> bool {
    presentation == Presentation::Dpop || token.is_bound()
}
