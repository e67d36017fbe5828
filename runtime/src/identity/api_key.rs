//! The identity of an API key.

use super::AccessToken;
use super::api_key_origin::ApiKeyOrigin;
use super::origin::Origin;
use crate::api_key::{KeyIdentity, ValidKey};
use crate::granted_scopes::Scopes;

impl AccessToken {
    /// Returns true if both values come from API keys with the same claims, name and expiry.
    pub(crate) fn has_same_key(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.api_key(), other.api_key()) else { return false };
        self.is_same(other)
            || (own.expires_at == others.expires_at
                && own.name == others.name
                && self.has_same_claims(other))
    }
}

impl KeyIdentity for AccessToken {
    fn of_key(key: ValidKey) -> Self {
        let ValidKey { digest, name, claims, expires_at, obtained } = key;
        // `ValidKey` has a string of scope-tokens, or no scopes.
        let scopes = Scopes::read(&claims, claims.root().position("scope")).unwrap_or_default();
        let origin = Origin::ApiKey(ApiKeyOrigin { digest, name, expires_at, obtained });
        Self::of_api_key(claims, scopes, origin)
    }

    fn has_same_content(&self, other: &Self) -> bool {
        self.has_same_key(other)
    }

    fn size(&self) -> usize {
        self.size()
    }
}
