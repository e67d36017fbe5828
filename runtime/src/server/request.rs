//! Where a request has its token.

use http::request::Parts;

use super::ResourceServer;
use crate::bearer::{self, NoToken};
use crate::error::{TokenError, TokenErrorKind};
use crate::telemetry::Lookup;
use crate::token::AccessToken;
use crate::websocket;

impl ResourceServer {
    /// The verified token of this request, and whether it was remembered.
    pub(crate) async fn authenticate_request(
        &self,
        parts: &Parts,
    ) -> Result<(AccessToken, Lookup), TokenError> {
        self.verify_credential(self.credential(parts)).await
    }

    /// The credential of this request, not looked at yet.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<&'a [u8], NoToken> {
        if self.parts().websocket_protocol_token {
            websocket::credential(parts)
        } else {
            bearer::credential(&parts.headers)
        }
    }

    pub(super) async fn verify_credential(
        &self,
        credential: Result<&[u8], NoToken>,
    ) -> Result<(AccessToken, Lookup), TokenError> {
        let kind = |reason| match reason {
            NoToken::Absent | NoToken::OtherScheme => TokenErrorKind::MissingToken,
            NoToken::Malformed => TokenErrorKind::InvalidRequest,
        };
        let credential = credential.map_err(kind)?;
        if let Some(token) = self.verified_before(credential) {
            return Ok((token?, Lookup::Hit));
        }
        let text = bearer::token(credential).map_err(kind)?;
        Ok((self.verify_anew(text).await?, Lookup::Miss))
    }

    /// The token of this request, if it was verified before and is good now.
    pub(crate) fn remembered(&self, parts: &Parts) -> Option<AccessToken> {
        let credential = self.credential(parts).ok()?;
        self.verified_before(credential)?.ok()
    }
}
