//! Parses the JWK sets of a configuration.

use serde_json::Value;

use super::key_origin::KeyOrigin;
use super::{ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::keys::KeySet;
use crate::server::Issuer;

impl Issuer {
    pub(super) fn jwks_origin(
        &self,
        set: &Value,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let set = self.parse_configured_set("jwks", set, allowed, problems)?;
        let issuer = url::redacted(&self.identifier);
        // The operator chose every key of a configured set, so an unusable key is an error.
        for remark in set.remarks().iter().filter(|remark| remark.is_defect()) {
            problems.push(format!("in the `jwks` of the issuer `{issuer}`, {remark}"));
        }
        self.warn_of(&set);
        Some(KeyOrigin::Fixed(set))
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
        let set = KeySet::parse(&document, allowed).map_err(|error| {
            let issuer = url::redacted(&self.identifier);
            format!("the `{name}` of the issuer `{issuer}` cannot be used: {error}")
        });
        ok_or_report(set, problems)
    }
}
