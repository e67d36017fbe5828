//! Checks the settings of API keys and creates the store of a server.

use super::claims::{ValidKey, valid_keys};
use super::key_identity::KeyIdentity;
use super::key_store::KeyStore;
use super::limits::Limits;
use super::look_up::LookUp;
use super::look_up_cache::LookUpCache;
use super::place::place;
use super::settings::ApiKeys;
use crate::credential::KeyPlace;

/// The settings of API keys, after they were checked.
pub(crate) struct ValidApiKeys {
    pub(crate) place: KeyPlace,
    pub(crate) keys: Vec<ValidKey>,
    look_up: Option<(LookUp, Limits)>,
}

impl ApiKeys {
    /// Checks the settings. Adds their problems to `problems`.
    pub(crate) fn validate(self, problems: &mut Vec<String>) -> ValidApiKeys {
        problems.extend(self.problems);
        let limits = self.limits.limits();
        if self.look_up.is_some() {
            limits.check(problems);
        }
        ValidApiKeys {
            place: place(&self.places, problems),
            keys: valid_keys(&self.keys, problems),
            look_up: self.look_up.map(|look_up| (look_up, limits)),
        }
    }
}

impl ValidApiKeys {
    /// Returns true if the application looks keys up.
    pub(crate) fn has_look_up(&self) -> bool {
        self.look_up.is_some()
    }

    /// Creates the store of a server.
    pub(crate) fn store<I: KeyIdentity>(self) -> KeyStore<I> {
        let cache = self.look_up.map(|(look_up, limits)| LookUpCache::new(look_up, limits));
        KeyStore::new(self.keys, cache)
    }
}
