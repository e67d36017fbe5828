//! Parses a proof and checks its form, its header and the types of its claims (RFC 9449 section 4.3).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::known_headers::KnownHeaders;
use super::proof_header::ProofHeader;
use crate::algorithm::Algorithm;
use crate::error::Fault;
use crate::json::{Document, Item, Object};
use crate::token::{Parts, decode, object};

/// Largest accepted length of a proof, in bytes. A proof with an RSA key of 8192 bits has 4 KiB.
const MAX_LENGTH: usize = 8 * 1024;

/// Largest accepted length of a `jti`, in bytes, about ten times the usual length.
const MAX_JTI_LENGTH: usize = 512;

/// A proof whose signature has not been verified.
pub(super) struct DpopProof<'a> {
    pub(super) header: Arc<ProofHeader>,
    /// The header as it was received.
    header_text: &'a str,
    /// True if a valid proof had this header before.
    is_known: bool,
    claims: Document,
    signing_input: &'a [u8],
    signature: Vec<u8>,
}

/// The claims of a proof, each with its type.
pub(super) struct Claims<'a> {
    pub(super) jti: &'a str,
    pub(super) htm: &'a str,
    pub(super) htu: &'a str,
    pub(super) ath: &'a str,
    pub(super) iat: SystemTime,
    /// The nonce, of any type.
    pub(super) nonce: Option<Item<'a>>,
}

impl<'a> DpopProof<'a> {
    pub(super) fn parse(
        text: &'a [u8],
        allowed: &[Algorithm],
        known: &KnownHeaders,
    ) -> Result<Self, Fault> {
        if text.len() > MAX_LENGTH {
            return Err(Fault::ProofTooLong);
        }
        let text = str::from_utf8(text).map_err(|_| Fault::ProofMalformed)?;
        let parts = Parts::split(text).map_err(|_| Fault::ProofMalformed)?;
        let mut octets = Vec::with_capacity(text.len());
        let malformed = Fault::ProofMalformed;
        let known = known.get(parts.header);
        let is_known = known.is_some();
        let header = if let Some(header) = known {
            header
        } else {
            let header = object(parts.header, &mut octets, malformed, malformed)?;
            Arc::new(ProofHeader::read(header.root(), allowed)?)
        };
        let claims = object(parts.payload, &mut octets, malformed, malformed)?;
        decode(parts.signature, &mut octets, malformed)?;
        Ok(Self {
            header,
            header_text: parts.header,
            is_known,
            claims,
            signing_input: parts.signing_input.as_bytes(),
            signature: octets,
        })
    }

    pub(super) fn claims(&self) -> Result<Claims<'_>, Fault> {
        let claims = self.claims.root();
        let jti = text(claims, "jti", Fault::ProofJti)?;
        if jti.is_empty() || jti.len() > MAX_JTI_LENGTH {
            return Err(Fault::ProofJti);
        }
        Ok(Claims {
            jti,
            htm: text(claims, "htm", Fault::ProofHtm)?,
            htu: text(claims, "htu", Fault::ProofHtu)?,
            iat: time(claims.get("iat")).ok_or(Fault::ProofIat)?,
            ath: text(claims, "ath", Fault::ProofAth)?,
            nonce: claims.get("nonce"),
        })
    }

    /// Verifies the signature. Remembers the header of a valid proof.
    pub(super) fn has_valid_signature(&self, known: &KnownHeaders) -> bool {
        let is_valid = self.header.verifies(self.signing_input, &self.signature);
        if is_valid && !self.is_known {
            known.add(self.header_text, Arc::clone(&self.header));
        }
        is_valid
    }
}

fn text<'a>(claims: Object<'a>, name: &str, fault: Fault) -> Result<&'a str, Fault> {
    claims.get(name).and_then(Item::as_str).ok_or(fault)
}

/// Reads a `NumericDate`: seconds since 1970, possibly with a fraction (RFC 7519 section 2).
fn time(claim: Option<Item<'_>>) -> Option<SystemTime> {
    let Some(Item::Number(seconds)) = claim else { return None };
    let since_epoch = Duration::try_from_secs_f64(seconds.as_f64()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(since_epoch)
}
