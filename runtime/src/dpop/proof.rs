//! Parses a proof and checks its form, its header and the types of its claims (RFC 9449 section 4.3).

use std::time::{Duration, SystemTime};

use super::proof_key::ProofKey;
use super::proof_keys::ProofKeys;
use crate::algorithm::Algorithm;
use crate::error::Fault;
use crate::json::{Document, Item, Object};
use crate::token::{Compact, Header};

/// Largest accepted length of a proof, in bytes. A proof with an RSA key of 8192 bits has 4 KiB.
const MAX_LENGTH: usize = 8 * 1024;

/// Largest accepted length of a `jti`, in bytes, about ten times the usual length.
const MAX_JTI_LENGTH: usize = 512;

/// The only accepted `typ` (RFC 9449 section 4.3 check 4).
const TYP: &str = "dpop+jwt";

/// A proof whose signature has not been verified.
pub(super) struct DpopProof<'a> {
    pub(super) key: ProofKey,
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
        known: &ProofKeys,
    ) -> Result<Self, Fault> {
        if text.len() > MAX_LENGTH {
            return Err(Fault::ProofTooLong);
        }
        let text = str::from_utf8(text).map_err(|_| Fault::ProofMalformed)?;
        let Compact { header, claims, signature, signing_input } =
            Compact::parse(text).map_err(|_| Fault::ProofMalformed)?;
        let read = Header::read_as(header.root(), allowed, |typ| typ == Some(TYP));
        let algorithm = read.map_err(of_header)?.algorithm;
        let key = ProofKey::read(header.root(), algorithm, known)?;
        Ok(Self { key, claims, signing_input, signature })
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

    /// Returns true if the key of the proof has made the signature. The caller has compared the key
    /// with that of the token.
    pub(super) fn has_valid_signature(&self, known: &ProofKeys) -> bool {
        self.key.verifies(self.signing_input, &self.signature, known)
    }
}

/// Returns the fault of a proof for the fault of a token with the same header.
fn of_header(fault: Fault) -> Fault {
    match fault {
        Fault::AlgMissing | Fault::AlgNotString | Fault::AlgNotAccepted => Fault::ProofAlg,
        Fault::Critical => Fault::ProofCritical,
        Fault::Unencoded => Fault::ProofUnencoded,
        Fault::TypNotString | Fault::TypOther => Fault::ProofTyp,
        _ => Fault::ProofMalformed,
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
