//! Verifies the credential of a request, and the text of a credential.

use std::time::SystemTime;

use http::HeaderMap;
use http::request::Parts;

use super::raw_credential::{RawCredential, Source};
use super::{ResourceServer, VerifiedCredential};
use crate::credential::{self, Credential, Presentation, load_session, require_privacy};
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
    ///   `Sec-WebSocket-Protocol`, because headers alone do not identify a websocket handshake.
    /// - With [`require_https`](crate::ResourceServerBuilder::require_https), this method refuses
    ///   every token in headers, because headers alone do not say if the request came over TLS.
    ///   Extract [`AccessToken`] from the request instead. The setting does not apply to the text of
    ///   a token, because no request belongs to it.
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
        let token = self.inner().token_location.credential(headers);
        let found = self.one_credential(headers, token);
        let credential = match (found, &self.inner().secure_transport) {
            (Ok(_), Some(_)) => Err(Fault::TransportUnknown),
            (found, _) => found,
        };
        self.verify_credential(credential).await
    }

    /// Extracts the credential of a request. The caller must validate the credential. Returns an
    /// error if the configuration requires TLS and the credential did not come over TLS, and if a
    /// page of another origin may have caused a request with a cookie. `is_page` is true for a route
    /// that shows a page.
    pub(crate) fn credential<'a>(
        &self,
        parts: &'a Parts,
        is_page: bool,
    ) -> Result<Credential<'a>, Fault> {
        let inner = self.inner();
        let token =
            credential::credential(parts, &inner.token_location, inner.websocket_protocol_token);
        let in_header = self.one_credential(&parts.headers, token);
        if inner.ambient.is_configured() {
            return self.credential_or_cookie(parts, in_header, is_page);
        }
        let credential = in_header?;
        self.check_transport(parts)?;
        Ok(credential)
    }

    #[inline]
    fn check_transport(&self, parts: &Parts) -> Result<(), Fault> {
        self.inner().secure_transport.as_ref().map_or(Ok(()), |rule| rule.check(parts))
    }

    /// Returns the credential of a request to a server that also takes credentials from cookies.
    #[inline(never)]
    fn credential_or_cookie<'a>(
        &self,
        parts: &'a Parts,
        in_header: Result<Credential<'a>, Fault>,
        is_page: bool,
    ) -> Result<Credential<'a>, Fault> {
        let ambient = &self.inner().ambient;
        let credential = ambient.credential(parts, in_header);
        let presentation = match credential {
            Ok(credential) => credential.presentation,
            Err(fault) if fault.is_of_session() => Presentation::Session,
            Err(fault) => return Err(fault),
        };
        self.check_transport(parts)?;
        if presentation.is_ambient() {
            require_privacy(parts);
            ambient.check_origin(parts, is_page)?;
        }
        credential
    }

    /// Reads the session of a request, if the request presents one that is not read yet and a page
    /// of this origin caused the request.
    pub(crate) async fn load_session(&self, parts: &Parts, is_page: bool) {
        if self.credential(parts, is_page) == Err(Fault::SessionNotLoaded) {
            load_session(parts).await;
        }
    }

    /// Checks that a page of this origin caused a request with a cookie.
    #[cfg(feature = "__browser")]
    pub(crate) fn check_origin(&self, parts: &Parts) -> Result<(), TokenError> {
        self.check_transport(parts)?;
        Ok(self.inner().ambient.check_origin(parts, false)?)
    }

    /// Sets the name of the session's cookie. Returns false if it was set before.
    #[cfg(feature = "__browser")]
    pub(crate) fn set_session_cookie(&self, name: &str) -> bool {
        self.inner().ambient.set_session_cookie(name)
    }

    /// Returns true if the server also takes credentials from cookies.
    #[inline]
    pub(crate) fn takes_cookies(&self) -> bool {
        self.inner().ambient.is_configured()
    }

    async fn verify_credential(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<AccessToken, TokenError> {
        Ok(self.verify_presented(credential).await?.into_token())
    }

    /// Verifies a credential that may be in the cache of verified tokens.
    pub(crate) async fn verify_presented(
        &self,
        credential: Result<Credential<'_>, Fault>,
    ) -> Result<VerifiedCredential, TokenError> {
        let recalled = credential.ok().and_then(|found| self.recall(found, self.now()));
        match recalled {
            Some(recalled) => recalled,
            None => self.verify_unseen(credential).await,
        }
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
