//! A verified credential, together with the facts with which its verifier judges it again.

use super::verified_tokens::CachedToken;
use crate::credential::Presentation;
use crate::identity::AccessToken;

/// A verified credential, by the kind of its verifier.
#[derive(Clone)]
pub(crate) enum VerifiedCredential {
    Jwt(CachedToken),
}

impl VerifiedCredential {
    /// Returns the verified JWT of a request that presents it in this place.
    pub(super) fn jwt(mut cached: CachedToken, presentation: Presentation) -> Self {
        cached.token.set_presentation(presentation);
        Self::Jwt(cached)
    }

    pub(crate) fn token(&self) -> &AccessToken {
        let Self::Jwt(CachedToken { token, .. }) = self;
        token
    }

    pub(super) fn into_token(self) -> AccessToken {
        let Self::Jwt(CachedToken { token, .. }) = self;
        token
    }
}
