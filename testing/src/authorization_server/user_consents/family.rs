//! The refresh tokens that follow from one code.

use super::presented::{PresentedCode, PresentedRefreshToken};
use crate::authorization_server::grant::Grant;
use crate::authorization_server::secret::is_same;

/// All refresh tokens that follow from one code. Only the newest refresh token is valid. A refresh
/// token consists of the name of its family, a dot and a secret. The server therefore recognises a
/// replaced refresh token by the name of its family, although the server stores only the newest
/// secret.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) grant: Grant,
    pub(super) secret: String,
    /// The thumbprint of the key to which the refresh tokens of a public client are bound (RFC 9449
    /// section 5). A confidential client proves by its secret that they are its own.
    jkt: Option<String>,
}

impl Family {
    pub(super) fn new(grant: &Grant, presented: &PresentedCode<'_>, secret: String) -> Self {
        let jkt = presented.jkt.filter(|_| presented.is_public).map(str::to_owned);
        Self { grant: grant.without_nonce(), secret, jkt }
    }

    /// Returns true if this is the secret of the newest refresh token.
    pub(super) fn has_secret(&self, secret: &str) -> bool {
        is_same(&self.secret, secret)
    }

    /// Returns true if the client may use the refresh token, with the key of its request.
    pub(super) fn is_of(&self, presented: &PresentedRefreshToken<'_>) -> bool {
        self.grant.client_id == presented.client_id
            && (self.jkt.is_none() || self.jkt.as_deref() == presented.jkt)
    }
}
