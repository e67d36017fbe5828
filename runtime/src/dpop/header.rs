//! Finds the proof in the headers of a request.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Fault;

/// The name of the header that contains the proof.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");

/// Returns the only `DPoP` header (RFC 9449 section 4.3).
pub(crate) fn only_proof(headers: &HeaderMap) -> Result<&HeaderValue, Fault> {
    let mut lines = headers.get_all(DPOP).into_iter();
    let line = lines.next().ok_or(Fault::ProofMissing)?;
    if lines.next().is_some() { Err(Fault::SeveralProofs) } else { Ok(line) }
}
