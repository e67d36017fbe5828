//! Determines where the keys of an issuer come from.

use serde_json::Value;

use super::{ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::keys::{Discovery, KeySet, LeftAside, Location, Parsed};
use crate::server::Issuer;
use crate::telemetry;

/// Origin of the keys of an issuer.
#[derive(Debug)]
pub(super) enum KeyOrigin {
    Fixed(KeySet),
    /// Keys that are fetched from this location. The seed, if there is one, is used until the first
    /// fetch succeeds.
    Remote(Location, Option<KeySet>),
}

impl Issuer {
    pub(super) fn key_origin(
        &self,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        // A seed is often a copy of the set that the issuer publishes, which may contain keys for
        // other purposes. Unusable keys in a seed are therefore not an error.
        let seed = self.seed_jwks.as_ref().and_then(|seed| {
            let parsed = self.parse_configured_set("seed_jwks", seed, allowed, problems)?;
            Some(self.without_unusable(parsed))
        });
        if self.seed_jwks.is_some() && self.jwks.is_some() {
            problems.push(format!(
                "the issuer `{}` has both `seed_jwks` and `jwks`: keep one (a configured `jwks` is \
                 never fetched and needs no seed)",
                url::redacted(&self.identifier)
            ));
        }
        match (&self.jwks_uri, &self.jwks) {
            (Some(_), Some(_)) => {
                problems.push(format!(
                    "the issuer `{}` has both `jwks_uri` and `jwks`: keep one",
                    url::redacted(&self.identifier)
                ));
                None
            }
            (None, None) => {
                Some(KeyOrigin::Remote(Location::Discovery(self.discovery(problems)?), seed))
            }
            (Some(uri), None) => {
                let url = ok_or_report(url::url("`jwks_uri`", uri), problems)?;
                Some(KeyOrigin::Remote(Location::JwksUri(url), seed))
            }
            (None, Some(set)) => {
                let parsed = self.parse_configured_set("jwks", set, allowed, problems)?;
                let issuer = url::redacted(&self.identifier);
                // The operator chose every key of a configured set, so an unusable key is an error.
                for member in &parsed.unusable {
                    problems.push(format!("in the `jwks` of the issuer `{issuer}`, {member}"));
                }
                Some(KeyOrigin::Fixed(parsed.set))
            }
        }
    }

    /// Returns the discovery of the metadata at `metadata_url` or, without it, at the well-known
    /// locations of the identifier.
    fn discovery(&self, problems: &mut Vec<String>) -> Option<Discovery> {
        let identifier = self.identifier.clone();
        if self.metadata_url.is_some() {
            return self.configured_discovery(problems);
        }
        let issuer = ok_or_report(url::issuer(&identifier), problems)?;
        Some(Discovery::well_known(identifier, &issuer, self.insecure_http))
    }

    /// Returns the discovery of the metadata at `metadata_url`.
    pub(super) fn configured_discovery(&self, problems: &mut Vec<String>) -> Option<Discovery> {
        let url = self.metadata_url.as_ref()?;
        let url = ok_or_report(url::url("`metadata_url`", url), problems)?;
        Some(Discovery::configured(self.identifier.clone(), url, self.insecure_http))
    }

    /// Parses the JWK set in the setting `name`.
    fn parse_configured_set(
        &self,
        name: &str,
        set: &Value,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<Parsed> {
        let document = serde_json::to_vec(set).unwrap_or_default();
        let parsed = KeySet::parse(&document, allowed).map_err(|error| {
            let issuer = url::redacted(&self.identifier);
            format!("the `{name}` of the issuer `{issuer}` cannot be used: {error}")
        });
        ok_or_report(parsed, problems)
    }

    /// Logs the unusable members of a parsed set and returns the other members.
    fn without_unusable(&self, parsed: Parsed) -> KeySet {
        for LeftAside { kid, reason } in &parsed.unusable {
            telemetry::key_left_aside(&self.identifier, kid, reason);
        }
        parsed.set
    }
}
