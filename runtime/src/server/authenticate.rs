//! Verifies the token in the credential of a request.

use http::HeaderMap;
use http::request::Parts;

use super::{CachedToken, ResourceServer};
use crate::credential::{self, Credential};
use crate::error::{Fault, TokenError};
use crate::token::AccessToken;

impl ResourceServer {
    /// Verifies the bearer token in these headers.
    ///
    /// Extractors and `#[protected]` verify the token themselves, so this method is for other code,
    /// such as a middleware. It reads only the `Authorization` header, because headers alone do not
    /// identify a websocket handshake.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is missing or not valid. The kind is
    /// [`MissingToken`](crate::RefusalKind::MissingToken) if the headers contain no bearer
    /// credential.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.verify_credential(credential::from_authorization(headers)).await
    }

    /// Extracts the credential of a request. The caller must validate the credential.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<Credential<'a>, Fault> {
        credential::credential(parts, self.inner().websocket_protocol_token)
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
