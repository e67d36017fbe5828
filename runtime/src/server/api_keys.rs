//! The API keys of a server, and their verification.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::time::Instant;

use super::{ResourceServer, VerifiedCredential};
use crate::api_key::{
    ApiKey, ApiKeysError, KeyDigest, KeyFault, KeyIdentity as _, KeyStore, Standing,
};
use crate::credential::{Credential, KeyPlace, check_key};
use crate::error::{Fault, TokenError};
use crate::identity::{AccessToken, ApiKeyOrigin};

/// The API keys of a server, if it has any.
pub(super) struct ServerKeys {
    pub(super) place: KeyPlace,
    pub(super) store: Arc<KeyStore<AccessToken>>,
}

/// The API keys of a running server, from
/// [`ResourceServer::api_keys`](crate::ResourceServer::api_keys).
#[derive(Clone)]
pub struct ApiKeyList(Option<Arc<KeyStore<AccessToken>>>);

impl ApiKeyList {
    /// Replaces all configured keys. The change takes effect immediately: the next request with a
    /// removed key is refused, and its streams in
    /// [`while_valid`](crate::ResourceServer::while_valid) end. The streams of a key whose identity
    /// has changed end too.
    ///
    /// # Errors
    ///
    /// Returns the problems of the keys. The server then keeps the earlier keys. Also returns an
    /// error if the server was built without
    /// [`api_keys`](crate::ResourceServerBuilder::api_keys).
    pub fn replace(&self, keys: impl IntoIterator<Item = ApiKey>) -> Result<(), ApiKeysError> {
        let Some(store) = &self.0 else {
            let problem = "the server was built without API keys: set `api_keys` in its builder";
            return Err(ApiKeysError::of(problem));
        };
        store.replace(&keys.into_iter().collect::<Vec<_>>())
    }

    /// Removes the result of the look-up of this key from the cache, and ends the streams of the
    /// key. Call this method after the application has removed or changed the key in its store, or
    /// has added a key that a request may have presented before.
    ///
    /// A look-up that is running is asked again. Configured keys are not affected.
    pub fn forget(&self, digest: &KeyDigest) {
        if let Some(store) = &self.0 {
            store.forget(digest);
        }
    }
}

impl std::fmt::Debug for ApiKeyList {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ApiKeyList").finish_non_exhaustive()
    }
}

impl ResourceServer {
    /// Returns the API keys of this server, which the application can change while the server runs.
    #[must_use]
    pub fn api_keys(&self) -> ApiKeyList {
        ApiKeyList(self.inner().api_keys.as_ref().map(|keys| Arc::clone(&keys.store)))
    }

    /// Returns the place of API keys in a request, if the server has API keys.
    #[cfg(feature = "openapi")]
    pub(crate) fn key_place(&self) -> Option<&KeyPlace> {
        self.inner().api_keys.as_ref().map(|keys| &keys.place)
    }

    /// Returns the one credential of a request. `token` is the token of the request, or the reason
    /// why there is none.
    #[inline]
    pub(super) fn one_credential<'a>(
        &self,
        headers: &'a HeaderMap,
        token: Result<Credential<'a>, Fault>,
    ) -> Result<Credential<'a>, Fault> {
        match &self.inner().api_keys {
            None => token,
            Some(keys) => keys.place.credential(headers, token),
        }
    }

    /// Returns true if a text is an API key and not a token.
    pub(super) fn is_key(&self, text: &str) -> bool {
        self.inner().api_keys.as_ref().is_some_and(|keys| keys.place.is_key(text))
    }

    /// Returns the identity of a key that can be judged without waiting. Returns `None` for a key
    /// that must be looked up.
    pub(super) fn recall_key(
        &self,
        text: &[u8],
        now: SystemTime,
    ) -> Option<Result<VerifiedCredential, TokenError>> {
        if let Err(fault) = check_key(text) {
            return Some(Err(fault.into()));
        }
        let digest = KeyDigest::of_bytes(text);
        let found = match &self.inner().api_keys {
            Some(keys) => keys.store.recall(&digest)?,
            None => Err(KeyFault::Unknown),
        };
        Some(self.accept_key(found, now))
    }

    /// Verifies a key, and looks it up if it is not held.
    pub(super) async fn verify_key(&self, text: &[u8]) -> Result<VerifiedCredential, TokenError> {
        check_key(text)?;
        self.inner().revocations.start_feed();
        let found = match &self.inner().api_keys {
            Some(keys) => keys.store.find(KeyDigest::of_bytes(text)).await,
            None => Err(KeyFault::Unknown),
        };
        self.accept_key(found, self.now())
    }

    fn accept_key(
        &self,
        found: Result<AccessToken, KeyFault>,
        now: SystemTime,
    ) -> Result<VerifiedCredential, TokenError> {
        let identity = found.map_err(refuse)?;
        if let Some(key) = identity.api_key() {
            self.check_key_now(&identity, key, now)?;
        }
        Ok(VerifiedCredential::ApiKey(identity))
    }

    /// Checks the expiry and the revocations of a key that the store has.
    fn check_key_now(
        &self,
        identity: &AccessToken,
        key: &ApiKeyOrigin,
        now: SystemTime,
    ) -> Result<(), Fault> {
        if key.is_expired(now) {
            return Err(Fault::KeyExpired);
        }
        self.judge_revocation(identity.dialect(), identity, now)
    }

    /// Returns true if a key that this server verified earlier in the same request is still valid.
    /// Returns false if the key must be looked up again.
    pub(super) fn confirms_key(&self, identity: &AccessToken, now: SystemTime) -> bool {
        let Some((key, keys)) = identity.api_key().zip(self.inner().api_keys.as_ref()) else {
            return false;
        };
        let current = keys.store.recall(&key.digest).and_then(Result::ok);
        current.is_some_and(|current| current.has_same_content(identity))
            && self.check_key_now(identity, key, now).is_ok()
    }

    /// Judges a verified key again, as for a request that arrives now. Returns the time until the
    /// next check is due, if it is due at a known time.
    pub(super) fn judge_key_again(
        &self,
        identity: &AccessToken,
        key: &ApiKeyOrigin,
        now: SystemTime,
    ) -> Result<Option<Duration>, TokenError> {
        self.check_key_now(identity, key, now)?;
        let standing = match &self.inner().api_keys {
            Some(keys) => keys.store.standing(&key.digest, key.look_up_number),
            None => Standing::Refused(KeyFault::Unknown),
        };
        let until = match standing {
            Standing::Refused(fault) => return Err(refuse(fault)),
            Standing::Valid(current, _) if !current.has_same_content(identity) => {
                return Err(Fault::KeyChanged.into());
            }
            Standing::Valid(_, until) => until,
            Standing::Pending => None,
        };
        let expiry = key.expires_at.map(|time| time.duration_since(now).unwrap_or_default());
        let next_look_up = until.map(|until| until.saturating_duration_since(Instant::now()));
        Ok(expiry.into_iter().chain(next_look_up).min())
    }
}

#[cold]
fn refuse(fault: KeyFault) -> TokenError {
    match fault {
        KeyFault::Unknown => Fault::KeyUnknown.into(),
        KeyFault::Unavailable { cause, retry_after } => {
            TokenError::api_keys_unavailable(retry_after, cause.as_ref().to_owned())
        }
    }
}
