//! From the credential of a request to a verified token.

use http::HeaderMap;
use http::request::Parts;

use super::{CachedToken, ResourceServer};
use crate::credential::{self, Credential, NoToken};
use crate::error::{RefusalKind, TokenError};
use crate::token::AccessToken;

impl ResourceServer {
    /// Verifies the bearer token in these headers.
    ///
    /// Extractors and `#[protected]` do this themselves; call it elsewhere, as in a middleware. Only
    /// `Authorization` is read: headers alone do not identify the opening handshake of a websocket.
    ///
    /// # Errors
    ///
    /// Returns the reason for refusal, [`MissingToken`](crate::RefusalKind::MissingToken) if there are
    /// no credentials.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.verify_credential(credential::from_authorization(headers)).await
    }

    /// Extracts the credential of a request, without validating it.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<Credential<'a>, NoToken> {
        credential::credential(parts, self.inner().websocket_protocol_token)
    }

    pub(super) async fn verify_credential(
        &self,
        credential: Result<Credential<'_>, NoToken>,
    ) -> Result<AccessToken, TokenError> {
        let now = self.now();
        let cached = credential.ok().and_then(|found| self.recall(found.text, now));
        let verified = match cached {
            Some(cached) => cached?,
            None => self.verify_unseen(credential).await?,
        };
        Ok(verified.token)
    }

    /// Verifies a credential whose token is not cached.
    pub(crate) async fn verify_unseen(
        &self,
        credential: Result<Credential<'_>, NoToken>,
    ) -> Result<CachedToken, TokenError> {
        let text =
            credential.and_then(|found| credential::token(found.text)).map_err(|reason| {
                match reason {
                    NoToken::Absent | NoToken::OtherScheme => RefusalKind::MissingToken,
                    NoToken::Malformed => RefusalKind::InvalidRequest,
                }
            })?;
        self.verify_anew(text).await
    }
}
