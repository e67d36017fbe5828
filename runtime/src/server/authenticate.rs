//! Verifies the token in the credential of a request.

use std::time::SystemTime;

use http::HeaderMap;
use http::request::Parts;

use super::{ResourceServer, VerifiedCredential};
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

    async fn verify_credential(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<AccessToken, TokenError> {
        let now = self.now();
        let recalled = credential.ok().and_then(|found| self.recall(found, now));
        let verified = match recalled {
            Some(recalled) => recalled?,
            None => self.verify_unseen(credential).await?,
        };
        Ok(verified.into_token())
    }

    /// Verifies a credential. This function does not search the cache of verified tokens, so call
    /// it only for a credential that `recall` does not know.
    pub(crate) async fn verify_unseen(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<VerifiedCredential, TokenError> {
        let Credential { presentation, text, .. } = credential?;
        let cached = self.verify_anew(credential::token(text)?).await?;
        Ok(VerifiedCredential::jwt(cached, presentation))
    }

    /// Returns the verified credential if the server can judge it without waiting. Returns `None`
    /// for a credential that must be verified first. Returns an error if the credential has become
    /// invalid.
    pub(crate) fn recall(
        &self,
        credential: Credential<'_>,
        now: SystemTime,
    ) -> Option<Result<VerifiedCredential, TokenError>> {
        let cached = self.recall_token(credential.text, now)?;
        Some(cached.map(|cached| VerifiedCredential::jwt(cached, credential.presentation)))
    }

    /// Returns true if a credential that this server verified earlier in the same request is still
    /// valid.
    pub(crate) fn confirms(&self, verified: &VerifiedCredential, now: SystemTime) -> bool {
        let VerifiedCredential::Jwt(cached) = verified;
        self.confirms_token(cached, now)
    }
}
