//! The identity of an API key.

use super::AccessToken;
use super::access_token::Identity;
use super::api_key_origin::ApiKeyOrigin;
use super::origin::Origin;
use crate::api_key::{KeyIdentity, ValidKey};
use crate::credential::Presentation;
use crate::granted_scopes::Scopes;

impl AccessToken {
    /// Returns the API key that the identity comes from. Returns `None` if the credential was not an
    /// API key.
    pub(crate) fn api_key(&self) -> Option<&ApiKeyOrigin> {
        match &self.identity().origin {
            Origin::ApiKey(key) => Some(key),
            Origin::Jwt(_) => None,
        }
    }
}

impl KeyIdentity for AccessToken {
    fn of_key(key: ValidKey) -> Self {
        let ValidKey { digest, name, claims, expires_at, look_up_number } = key;
        // `ValidKey` has a string of scope-tokens, or no scopes.
        let scopes = Scopes::read(&claims, claims.root().position("scope")).unwrap_or_default();
        let origin = Origin::ApiKey(ApiKeyOrigin { digest, name, expires_at, look_up_number });
        Self::new(Identity::new(claims, scopes, origin), Presentation::ApiKey)
    }

    fn has_same_content(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.api_key(), other.api_key()) else { return false };
        self.is_same(other)
            || (own.expires_at == others.expires_at
                && own.name == others.name
                && self.identity().claims == other.identity().claims)
    }

    fn size(&self) -> usize {
        self.size()
    }
}
