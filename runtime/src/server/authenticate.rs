//! Verifies the token in the credential of a request.

use http::HeaderMap;
use http::request::Parts;

use super::{CachedToken, ResourceServer};
use crate::credential::{self, Credential};
use crate::error::{Fault, TokenError};
use crate::identity::AccessToken;

impl ResourceServer {
    /// Verifies the bearer token in these headers.
    ///
    /// Extractors and `#[protected]` verify the token themselves, so this method is for other code,
    /// such as a middleware. It reads only the `Authorization` header, because headers alone do not
    /// identify a websocket handshake.
    ///
    /// With [`require_https`](crate::ResourceServerBuilder::require_https), this method refuses every
    /// token, because headers alone do not say if the request came over TLS. Extract [`AccessToken`]
    /// from the request instead.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is missing or not valid. The kind is
    /// [`MissingToken`](crate::RefusalKind::MissingToken) if the headers contain no bearer
    /// credential.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        let found = credential::from_authorization(headers);
        let credential = match (found, &self.inner().secure_transport) {
            (Ok(_), Some(_)) => Err(Fault::TransportUnknown),
            (found, _) => found,
        };
        self.verify_credential(credential).await
    }

    /// Extracts the credential of a request. The caller must validate the credential. Returns an
    /// error if the configuration requires TLS and the credential did not come over TLS.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<Credential<'a>, Fault> {
        let inner = self.inner();
        let credential = credential::credential(parts, inner.websocket_protocol_token)?;
        if let Some(rule) = &inner.secure_transport {
            rule.check(parts)?;
        }
        Ok(credential)
    }

    pub(super) async fn verify_credential(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<AccessToken, TokenError> {
        let now = self.now();
        let cached = credential.ok().and_then(|found| self.recall(found.text, now));
        let verified = match cached {
            Some(cached) => cached?,
            None => self.verify_unseen(credential).await?,
        };
        Ok(verified.token)
    }

    /// Verifies the token of a credential. This function does not search the cache of verified
    /// tokens, so call it only for a token that is not cached.
    pub(crate) async fn verify_unseen(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<CachedToken, TokenError> {
        let text = credential.and_then(|found| credential::token(found.text))?;
        self.verify_anew(text).await
    }
}
