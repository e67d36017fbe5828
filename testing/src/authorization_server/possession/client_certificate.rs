//! The client certificate of a request, in the header that a proxy in front of the server writes
//! (RFC 9440). This server has no TLS and trusts everybody on loopback.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::authorization_server::error::{ErrorCode, OAuthError};
use crate::digest::sha256;

/// The header with the client certificate (RFC 9440 section 2.2).
const CLIENT_CERT: &str = "client-cert";

/// Returns the SHA-256 thumbprint of the certificate, if the request has one.
pub(super) fn thumbprint(headers: &HeaderMap) -> Result<Option<String>, OAuthError> {
    let mut lines = headers.get_all(CLIENT_CERT).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    match (line.to_str().ok().and_then(der), lines.next()) {
        (Some(der), None) => Ok(Some(sha256(der))),
        _ => Err(ErrorCode::InvalidRequest.because("`Client-Cert` is not one byte sequence")),
    }
}

/// Returns the octets of a byte sequence (RFC 9651 section 3.3.5).
fn der(line: &str) -> Option<Vec<u8>> {
    let encoded = line.trim().strip_prefix(':')?.strip_suffix(':')?;
    STANDARD.decode(encoded).ok().filter(|der| !der.is_empty())
}
