//! Reads the JWK sets and the public keys of a configuration.

use serde_json::Value;

use super::ok_or_report;
use crate::algorithm::Algorithm;
use crate::keys::{KeySet, PublicKeyError};
use crate::server::Issuer;
use crate::server::settings::KeySetting;

impl Issuer {
    /// Returns the key set of `jwks`.
    pub(super) fn jwks_set(
        &self,
        set: &Value,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeySet> {
        let set = self.parse_configured_set("jwks", set, allowed, problems)?;
        let issuer = self.named();
        // The operator chose every key of a configured set, so an unusable key is an error.
        for remark in set.remarks().iter().filter(|remark| remark.is_defect()) {
            problems.push(format!("in the `jwks` of the {issuer}, {remark}"));
        }
        self.warn_of(&set);
        Some(set)
    }

    /// Returns the key set of a public key.
    pub(super) fn public_key_set(
        &self,
        setting: KeySetting<'_>,
        set: Result<KeySet, PublicKeyError>,
        problems: &mut Vec<String>,
    ) -> Option<KeySet> {
        let set = set
            .map_err(|error| self.problem(setting.name(), format_args!("cannot be used: {error}")));
        ok_or_report(set, problems)
    }

    /// Returns the seed. A seed is often a copy of the set that the issuer publishes, which may
    /// contain keys for other purposes. Unusable keys in a seed are therefore not an error.
    pub(super) fn seed(&self, allowed: &[Algorithm], problems: &mut Vec<String>) -> Option<KeySet> {
        let seed = self.seed_jwks.as_ref()?;
        let seed = self.parse_configured_set("seed_jwks", seed, allowed, problems)?;
        self.warn_of(&seed);
        Some(seed)
    }

    /// Logs the remarks on a key set.
    pub(super) fn warn_of(&self, set: &KeySet) {
        set.remarks().iter().for_each(|remark| remark.warn(&self.identifier));
    }

    /// Parses the JWK set in the setting `name`.
    fn parse_configured_set(
        &self,
        name: &str,
        set: &Value,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeySet> {
        let document = serde_json::to_vec(set).unwrap_or_default();
        let set = KeySet::parse(&document, allowed)
            .map_err(|error| self.problem(name, format_args!("cannot be used: {error}")));
        ok_or_report(set, problems)
    }
}
