//! Stores the verified token in the request's extensions, so that it is verified once for a request.

use std::ops::Range;
use std::time::SystemTime;

use http::HeaderValue;
use http::request::Parts;

use crate::credential::Credential;
use crate::error::RefusalKind;
use crate::server::{CachedToken, ResourceServer};
use crate::token::AccessToken;

/// A verified token in the request's extensions, with the server that verified it and its
/// credential. Another server, for example of a nested router with its own state, does not use it.
/// It is not used either once a middleware has changed the credential.
#[derive(Clone)]
struct RequestToken {
    server: ResourceServer,
    /// The header value; shares its bytes with the request's.
    line: HeaderValue,
    /// The position of the credential in the header value.
    range: Range<usize>,
    verified: CachedToken,
}

impl RequestToken {
    fn new(
        server: &ResourceServer,
        credential: Credential<'_>,
        verified: CachedToken,
    ) -> Option<Self> {
        Some(Self {
            server: server.clone(),
            line: credential.line.clone(),
            range: credential.range()?,
            verified,
        })
    }

    fn matches(&self, server: &ResourceServer, text: &[u8]) -> bool {
        self.server.is(server)
            && self.line.as_bytes().get(self.range.clone()).is_some_and(|own| {
                // Unless the header was replaced, these are the same bytes in memory.
                std::ptr::eq(own, text) || own == text
            })
    }
}

/// Returns the token of this request if it was verified before, or the reason why it is no longer
/// valid. Attaches the token to the request if `attaches` is set.
pub(super) fn recognize(
    parts: &mut Parts,
    server: &ResourceServer,
    now: SystemTime,
    attaches: bool,
) -> Option<Result<AccessToken, RefusalKind>> {
    let credential = server.credential(parts).ok()?;
    // Judged again, because time may have passed since an earlier extractor.
    if let Some(attached) = parts.extensions.get::<RequestToken>()
        && attached.matches(server, credential.text)
        && server.confirms(&attached.verified, now)
    {
        return Some(Ok(attached.verified.token.clone()));
    }
    let verified = match server.recall(credential.text, now)? {
        Ok(verified) => verified,
        Err(kind) => return Some(Err(kind)),
    };
    let token = verified.token.clone();
    if attaches && let Some(request_token) = RequestToken::new(server, credential, verified) {
        parts.extensions.insert(request_token);
    }
    Some(Ok(token))
}

/// Attaches the token that was verified for a request to it.
pub(super) fn attach(parts: &mut Parts, server: &ResourceServer, verified: CachedToken) {
    if let Ok(credential) = server.credential(parts)
        && let Some(request_token) = RequestToken::new(server, credential, verified)
    {
        parts.extensions.insert(request_token);
    }
}
