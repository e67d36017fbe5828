//! The API keys that a running server holds.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;

use tokio::sync::watch;

use super::claims::{ValidKey, valid_keys};
use super::digest::KeyDigest;
use super::error::ApiKeysError;
use super::key::ApiKey;
use super::key_identity::KeyIdentity;
use super::look_up_cache::LookUpCache;
use super::running_look_ups::ResultReceiver;
use super::standing::{KeyFault, Standing};

pub(crate) struct KeyStore<I> {
    configured: RwLock<HashMap<KeyDigest, I>>,
    looked_up: Option<Arc<LookUpCache<I>>>,
    changes: watch::Sender<()>,
}

impl<I: KeyIdentity> KeyStore<I> {
    pub(super) fn new(keys: Vec<ValidKey>, looked_up: Option<LookUpCache<I>>) -> Self {
        Self {
            configured: RwLock::new(identities(keys)),
            looked_up: looked_up.map(Arc::new),
            changes: watch::Sender::default(),
        }
    }

    /// Returns the identity of a key that can be judged without a look-up. Returns `None` for a key
    /// that must be looked up.
    pub(crate) fn recall(&self, digest: &KeyDigest) -> Option<Result<I, KeyFault>> {
        if let Some(identity) = self.configured(digest) {
            return Some(Ok(identity));
        }
        match &self.looked_up {
            None => Some(Err(KeyFault::Unknown)),
            Some(looked_up) => {
                let recalled = looked_up.recall(digest)?;
                Some(recalled.map(|held| held.identity))
            }
        }
    }

    /// Returns the identity of a key, and looks the key up if it is not held.
    pub(crate) async fn find(&self, digest: KeyDigest) -> Result<I, KeyFault> {
        match (self.configured(&digest), &self.looked_up) {
            (Some(identity), _) => Ok(identity),
            (None, None) => Err(KeyFault::Unknown),
            (None, Some(looked_up)) => looked_up.find(digest).await,
        }
    }

    /// Returns the standing of a key that was presented earlier. `look_up_number` is the number of
    /// the look-up that found it.
    pub(crate) fn standing(&self, digest: &KeyDigest, look_up_number: Option<u64>) -> Standing<I> {
        if let Some(identity) = self.configured(digest) {
            return Standing::Valid(identity, None);
        }
        match &self.looked_up {
            None => Standing::Refused(KeyFault::Unknown),
            Some(looked_up) => looked_up.standing(digest, look_up_number),
        }
    }

    /// Subscribes to changes that may concern this key. If the cache period of the key has passed,
    /// this function starts to look the key up again.
    pub(crate) fn changes(&self, digest: &KeyDigest) -> KeyChanges<I> {
        let changes = self.changes.subscribe();
        let looked_up = self.looked_up.as_ref().filter(|_| self.configured(digest).is_none());
        let look_up = looked_up.and_then(|looked_up| looked_up.refresh(digest));
        KeyChanges { changes, look_up }
    }

    /// Replaces the configured keys. If the new keys have problems, the old keys remain.
    pub(crate) fn replace(&self, keys: &[ApiKey]) -> Result<(), ApiKeysError> {
        let mut problems = Vec::new();
        let keys = valid_keys(keys, &mut problems);
        ApiKeysError::unless_empty(problems)?;
        let identities = identities(keys);
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = identities;
        self.changes.send_replace(());
        Ok(())
    }

    /// Removes the result of the look-up of this key from the cache.
    pub(crate) fn forget(&self, digest: &KeyDigest) {
        if let Some(looked_up) = &self.looked_up {
            looked_up.forget(digest);
            self.changes.send_replace(());
        }
    }

    fn configured(&self, digest: &KeyDigest) -> Option<I> {
        let keys = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(digest).cloned()
    }
}

fn identities<I: KeyIdentity>(keys: Vec<ValidKey>) -> HashMap<KeyDigest, I> {
    keys.into_iter().map(|key| (key.digest, I::of_key(key))).collect()
}

/// Waits for a change that may concern a key.
pub(crate) struct KeyChanges<I> {
    changes: watch::Receiver<()>,
    look_up: Option<ResultReceiver<I>>,
}

impl<I: KeyIdentity> KeyChanges<I> {
    /// Waits until the configured keys were replaced, a key was forgotten, or the look-up of this
    /// key ended.
    pub(crate) async fn next(mut self) {
        let mut changed = pin!(self.changes.changed());
        let mut ended = pin!(async {
            match self.look_up {
                Some(mut look_up) => drop(look_up.wait_for(Option::is_some).await),
                None => std::future::pending().await,
            }
        });
        poll_fn(|context| {
            let done = [
                changed.as_mut().poll(context).is_ready(),
                ended.as_mut().poll(context).is_ready(),
            ];
            if done.contains(&true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
