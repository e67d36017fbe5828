//! The identity of an API key.

use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use super::AccessToken;
use super::origin::Origin;
use crate::api_key::{KeyDigest, KeyIdentity, ValidKey};
use crate::granted_scopes::Scopes;
use crate::token::{Dialect, Provider};

/// The names of the claims of API keys: those of RFC 9068, and `tenant`.
pub(super) static DIALECT: LazyLock<Dialect> = LazyLock::new(|| Dialect {
    client: vec!["client_id".to_owned()],
    tenant: Some("tenant".to_owned()),
    ..Provider::Standard.dialect()
});

/// The facts about an API key.
pub(crate) struct ApiKeyOrigin {
    pub(crate) digest: KeyDigest,
    pub(crate) name: Option<Arc<str>>,
    pub(crate) expires_at: Option<SystemTime>,
    /// The number of the look-up that found the key. `None` for a configured key.
    pub(crate) obtained: Option<u64>,
}

impl ApiKeyOrigin {
    /// Returns true if the key has expired. The server that set the time compares it with its own
    /// clock, so there is no leeway.
    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|time| time <= now)
    }
}

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
