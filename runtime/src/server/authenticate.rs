//! Where a request has its token.

use http::HeaderMap;
use http::request::Parts;

use super::{CachedToken, ResourceServer};
use crate::credential::{self, Credential, NoToken};
use crate::error::{RefusalKind, TokenError};
use crate::token::AccessToken;

impl ResourceServer {
    /// The verified token of a request with these headers.
    ///
    /// Extractors and the attribute do this; it is public for what is neither. Headers alone do not
    /// tell a websocket, so only `Authorization` is looked at.
    ///
    /// # Errors
    ///
    /// Why there is none. Missing credentials are [`MissingToken`](crate::RefusalKind::MissingToken).
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.verify_credential(credential::of_authorization(headers)).await
    }

    /// The credential of this request, not looked at yet.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<Credential<'a>, NoToken> {
        credential::credential(parts, self.inner().websocket_protocol_token)
    }

    pub(super) async fn verify_credential(
        &self,
        credential: Result<Credential<'_>, NoToken>,
    ) -> Result<AccessToken, TokenError> {
        let now = self.now();
        let known = credential.ok().and_then(|known| self.recall(known.text, now));
        let verified = match known {
            Some(known) => known?,
            None => self.verify_unseen(credential).await?,
        };
        Ok(verified.token)
    }

    /// Verifies a credential that the server does not recall.
    pub(crate) async fn verify_unseen(
        &self,
        credential: Result<Credential<'_>, NoToken>,
    ) -> Result<CachedToken, TokenError> {
        let text = credential.and_then(|found| credential::token(found.text));
        let text = text.map_err(|reason| match reason {
            NoToken::Absent | NoToken::OtherScheme => RefusalKind::MissingToken,
            NoToken::Malformed => RefusalKind::InvalidRequest,
        })?;
        self.verify_anew(text).await
    }
}
