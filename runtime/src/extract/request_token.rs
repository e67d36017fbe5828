//! The verified token that travels with a request, so that it is verified once however many ask.

use std::ops::Range;
use std::time::SystemTime;

use http::HeaderValue;
use http::request::Parts;

use crate::credential::Credential;
use crate::error::RefusalKind;
use crate::server::{CachedToken, ResourceServer};
use crate::token::AccessToken;

/// In the request's extensions: the token, the server that verified it, and the credential that it
/// was. Another server, as that of a router with a state of its own, takes nothing from here. Neither
/// does anybody after a middleware has changed the credential.
#[derive(Clone)]
struct RequestToken {
    server: ResourceServer,
    /// The header line, which shares its bytes with that of the request.
    line: HeaderValue,
    /// The place of the credential in it.
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

    fn is_of(&self, server: &ResourceServer, text: &[u8]) -> bool {
        let own = self.line.as_bytes().get(self.range.clone());
        // The same bytes need no comparison, which is so unless somebody replaced the header.
        let is_same = |own: &[u8]| std::ptr::eq(own, text) || own == text;
        self.server.is(server) && own.is_some_and(is_same)
    }
}

/// The token of this request where it need not be verified, or why it is not good any more. It is
/// carried by the request from then on if `carries` says so.
pub(super) fn recognize(
    parts: &mut Parts,
    server: &ResourceServer,
    now: SystemTime,
    carries: bool,
) -> Option<Result<AccessToken, RefusalKind>> {
    let credential = server.credential(parts).ok()?;
    // Whoever asked before may have taken some time, so it is judged again.
    if let Some(carried) = parts.extensions.get::<RequestToken>()
        && carried.is_of(server, credential.text)
        && server.confirms(&carried.verified, now)
    {
        return Some(Ok(carried.verified.token.clone()));
    }
    let verified = match server.recall(credential.text, now)? {
        Ok(verified) => verified,
        Err(kind) => return Some(Err(kind)),
    };
    let token = verified.token.clone();
    if carries && let Some(carried) = RequestToken::new(server, credential, verified) {
        parts.extensions.insert(carried);
    }
    Some(Ok(token))
}

/// Has the request carry what was verified for it.
pub(super) fn carry(parts: &mut Parts, server: &ResourceServer, verified: CachedToken) {
    let credential = server.credential(parts).ok();
    let carried = credential.and_then(|one| RequestToken::new(server, one, verified));
    if let Some(carried) = carried {
        parts.extensions.insert(carried);
    }
}
