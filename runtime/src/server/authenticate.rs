//! Verifies the credential of a request, and the text of a credential.

use std::time::SystemTime;

use http::HeaderMap;

use super::raw_credential::{RawCredential, Source};
use super::{ResourceServer, VerifiedCredential};
use crate::credential::{self, Credential, Presentation};
use crate::error::{Fault, TokenError};
use crate::identity::AccessToken;

impl ResourceServer {
    /// Verifies the token in the headers of a request, or the text of a token.
    ///
    /// Extractors and `#[protected]` verify the token of a request themselves. This method is for
    /// other code: a middleware that has only the headers, or a protocol that sends the token in a
    /// message, such as `connection_init` of GraphQL over websockets.
    ///
    /// ```
    /// # use axum_protected_testing::AuthorizationServer;
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// use http::HeaderMap;
    /// use http::header::AUTHORIZATION;
    ///
    /// # let issuer = AuthorizationServer::start().await?;
    /// # let server = issuer.resource_server().build()?;
    /// # let text = issuer.token().subject("alice").sign();
    /// let token = server.authenticate(&text).await?;
    /// assert_eq!(token.subject(), Some("alice"));
    ///
    /// let headers = HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {text}").parse()?)]);
    /// let token = server.authenticate(&headers).await?;
    /// assert_eq!(token.subject(), Some("alice"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Call this method in a tokio runtime, because the server fetches keys only in a runtime.
    ///
    /// # Limits
    ///
    /// - Of headers, this method reads the header in which a request presents its token, and never
    ///   `Sec-WebSocket-Protocol`, because headers alone do not identify a websocket handshake. It
    ///   reads no cookie, because headers alone do not show which page caused the request.
    /// - With [`require_https`](crate::ResourceServerBuilder::require_https), this method refuses
    ///   every token in headers, because headers alone do not say if the request came over TLS.
    ///   Extract [`AccessToken`] from the request instead. The setting does not apply to the text of
    ///   a token, because no request belongs to it.
    /// - A token that is bound to a key is refused, because the proof of possession is about a whole
    ///   request. Extract [`AccessToken`] from the request instead.
    ///
    /// # Errors
    ///
    /// Returns an error for the first rule that the credential fails. The kind is
    /// [`MissingToken`](crate::RefusalKind::MissingToken) if the headers contain no token. The
    /// rules that need no keys are checked first. A token that fails one of these rules causes no
    /// fetch, and the error names this rule even while no keys are available.
    pub async fn authenticate<'a>(
        &self,
        credential: impl Into<RawCredential<'a>>,
    ) -> Result<AccessToken, TokenError> {
        match credential.into().0 {
            Source::Headers(headers) => self.verify_headers(headers).await,
            Source::Text(token) => self.verify_text(token).await,
        }
    }

    async fn verify_headers(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        let found = self.one_credential(headers, self.token_in(headers));
        let credential = match (found, &self.inner().secure_transport) {
            (Ok(_), Some(_)) => Err(Fault::TransportUnknown),
            (found, _) => found,
        };
        self.verify_credential(credential).await
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
        let presentation = verified.token().presentation();
        Self::refuse_bound(presentation, verified.into_token())
    }

    /// Verifies a credential. This function does not search the cache of verified tokens, so call
    /// it only for a credential that `recall` does not know.
    pub(crate) async fn verify_unseen(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<VerifiedCredential, TokenError> {
        if let Ok(Credential { presentation: Presentation::ApiKey, text, .. }) = credential {
            return self.verify_key(text).await;
        }
        let checked = credential.and_then(|found| Ok((credential::token(found.text)?, found)));
        let (text, Credential { presentation, .. }) =
            checked.map_err(|fault| self.refuse_credential(fault))?;
        let cached = self.verify_anew(text).await?;
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
        if credential.presentation == Presentation::ApiKey {
            return self.recall_key(credential.text, now);
        }
        let cached = self.recall_token(credential.text, now)?;
        Some(cached.map(|cached| VerifiedCredential::jwt(cached, credential.presentation)))
    }

    /// Returns true if a credential that this server verified earlier in the same request is still
    /// valid.
    pub(crate) fn confirms(&self, verified: &VerifiedCredential, now: SystemTime) -> bool {
        match verified {
            VerifiedCredential::Jwt(cached) => self.confirms_token(cached, now),
            VerifiedCredential::ApiKey(identity) => self.confirms_key(identity, now),
        }
    }
}
