//! Stores the verified token in the request's extensions, so that several extractors of one request
//! verify the token only once.

use std::ops::Range;
use std::time::SystemTime;

use http::HeaderValue;
use http::request::Parts;

use super::request_proof::recall_proofs;
use crate::credential::Credential;
use crate::error::TokenError;
use crate::identity::AccessToken;
use crate::server::{ResourceServer, VerifiedCredential, needs_proof};

/// A verified token in the request's extensions, together with its credential and the server that
/// verified it. A different server, for example the server of a nested router with its own state,
/// ignores this token. The token is also ignored if a middleware has changed the credential of the
/// request since the verification.
#[derive(Clone)]
struct RequestToken {
    server: ResourceServer,
    /// The header value that contains the credential. It shares its bytes with the header map of
    /// the request.
    line: HeaderValue,
    /// The position of the credential in the header value.
    range: Range<usize>,
    verified: VerifiedCredential,
}

impl RequestToken {
    fn new(
        server: &ResourceServer,
        credential: Credential<'_>,
        verified: VerifiedCredential,
    ) -> Option<Self> {
        Some(Self {
            server: server.clone(),
            line: credential.line.clone(),
            range: credential.range()?,
            verified,
        })
    }

    fn matches(&self, server: &ResourceServer, credential: Credential<'_>) -> bool {
        let Credential { presentation, text, .. } = credential;
        self.server.is(server)
            && self.verified.token().presentation() == presentation
            && self.line.as_bytes().get(self.range.clone()).is_some_and(|own| {
                // `own` and `text` are the same bytes in memory unless a middleware has replaced
                // the header.
                std::ptr::eq(own, text) || own == text
            })
    }
}

/// Returns the token of this request if its signature was verified before: if the token is attached
/// to the request or cached by the server. Returns `None` if the request has no token, or if the
/// signature of the token or of a DPoP proof must be verified first. This function never verifies a
/// signature. Returns an error if a cached token has become invalid, or if the request does not
/// prove possession of the key to which the token is bound. If `attaches` is true, this function
/// attaches a cached token to the request.
pub(super) fn recognize(
    parts: &mut Parts,
    server: &ResourceServer,
    now: SystemTime,
    attaches: bool,
) -> Option<Result<AccessToken, TokenError>> {
    let credential = server.credential(parts).ok()?;
    // `confirms` checks the attached token again, because it may have expired or been revoked since
    // an earlier extractor of this request.
    if let Some(attached) = parts.extensions.get::<RequestToken>()
        && attached.matches(server, credential)
        && server.confirms(&attached.verified, now)
    {
        let token = attached.verified.token().clone();
        return with_proofs(parts, server, credential, token);
    }
    let verified = match server.recall(credential, now)? {
        Ok(verified) => verified,
        Err(error) => return Some(Err(error)),
    };
    let token = with_proofs(parts, server, credential, verified.token().clone());
    if attaches && let Some(request_token) = RequestToken::new(server, credential, verified) {
        parts.extensions.insert(request_token);
    }
    token
}

/// Returns the token together with the proofs that the request has presented for it.
#[inline]
fn with_proofs(
    parts: &Parts,
    server: &ResourceServer,
    credential: Credential<'_>,
    mut token: AccessToken,
) -> Option<Result<AccessToken, TokenError>> {
    if needs_proof(credential.presentation, &token)
        && let Err(error) = recall_proofs(parts, server, credential, &mut token)?
    {
        return Some(Err(error));
    }
    Some(Ok(token))
}

/// Attaches a verified token to the request that presents it.
pub(super) fn attach(parts: &mut Parts, server: &ResourceServer, verified: VerifiedCredential) {
    if let Ok(credential) = server.credential(parts)
        && let Some(request_token) = RequestToken::new(server, credential, verified)
    {
        parts.extensions.insert(request_token);
    }
}
