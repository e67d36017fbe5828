//! Checks a configured issuer, applies the server's defaults to it, and starts it.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::config_url;
use super::issuer::Issuer;
use super::trusted_issuer::TrustedIssuer;
use crate::algorithm::Algorithm;
#[cfg(feature = "openapi")]
use crate::keys::MetadataSource;
use crate::keys::{Client, KeySet, Keys, LeftAside, Listener, Location, Parsed, Source};
use crate::telemetry;
use crate::token::{Profile, Rules, signature};

/// The settings of the server that apply to issuers without settings of their own.
#[derive(Debug)]
pub(super) struct Defaults<'a> {
    pub(super) audiences: &'a [String],
    pub(super) algorithms: Option<&'a [Algorithm]>,
    pub(super) rfc9068: bool,
    pub(super) leeway: Duration,
}

/// A checked configuration of an issuer with all defaults applied. The method `start` turns it into
/// a `TrustedIssuer` and starts to fetch the issuer's keys.
#[derive(Debug)]
pub(super) struct SettledIssuer {
    identifier: String,
    algorithms: Vec<Algorithm>,
    rules: Rules,
    key_origin: KeyOrigin,
}

#[derive(Debug)]
enum KeyOrigin {
    Fixed(KeySet),
    /// Keys that are fetched from this location. The seed, if there is one, is used until the first
    /// fetch succeeds.
    Remote(Location, Option<KeySet>),
}

impl SettledIssuer {
    pub(super) fn needs_client(&self) -> bool {
        matches!(self.key_origin, KeyOrigin::Remote(..))
    }

    pub(super) fn start(
        self,
        client: Option<&Client>,
        listener: Option<&Listener>,
    ) -> Option<TrustedIssuer> {
        #[cfg(feature = "openapi")]
        let metadata = match (&self.key_origin, client) {
            (KeyOrigin::Remote(location, _), Some(client)) => MetadataSource::of(client, location),
            _ => None,
        };
        let keys = match self.key_origin {
            KeyOrigin::Fixed(set) => Keys::fixed(&self.identifier, set),
            KeyOrigin::Remote(location, seed) => {
                let source = Source::new(client?.clone(), location, self.algorithms.clone());
                Keys::fetched(&self.identifier, source, Rng::new(), seed, listener.cloned())
            }
        };
        Some(TrustedIssuer {
            identifier: self.identifier,
            algorithms: self.algorithms,
            rules: Arc::new(self.rules),
            keys,
            #[cfg(feature = "openapi")]
            metadata,
        })
    }
}

impl Issuer {
    /// Applies the server's defaults to this issuer and checks the result. Adds all problems to
    /// `problems`, and returns `None` if this issuer has any.
    pub(super) fn settle(
        self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Option<SettledIssuer> {
        let earlier_problems = problems.len();
        let algorithms = self.settle_algorithms(defaults, problems);
        let key_origin = self.key_origin(&algorithms, problems);
        let audiences =
            if self.audiences.is_empty() { defaults.audiences.to_vec() } else { self.audiences };
        if audiences.is_empty() {
            problems.push(format!(
                "the issuer `{}` has no audience: set the identifier of this API with `audience`",
                config_url::redacted(&self.identifier)
            ));
        }
        problems.extend(audiences.iter().filter_map(|text| config_url::audience(text).err()));
        let strict = self.rfc9068.unwrap_or(defaults.rfc9068);
        let rules = Rules {
            issuer_name: self.name.map(Into::into),
            audiences,
            profile: if strict { Profile::Rfc9068 } else { Profile::Jwt },
            dialect: self.provider.dialect(),
            leeway: defaults.leeway,
        };
        if problems.len() > earlier_problems {
            return None;
        }
        Some(SettledIssuer {
            identifier: self.identifier,
            algorithms,
            rules,
            key_origin: key_origin?,
        })
    }

    fn settle_algorithms(
        &self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Vec<Algorithm> {
        let Some(configured) = self.algorithms.as_deref().or(defaults.algorithms) else {
            return Algorithm::ALL
                .into_iter()
                .filter(|algorithm| signature::is_supported(*algorithm))
                .collect();
        };
        if configured.is_empty() {
            let issuer = config_url::redacted(&self.identifier);
            problems.push(format!("the issuer `{issuer}` has an empty list of algorithms"));
        }
        for algorithm in configured.iter().filter(|one| !signature::is_supported(**one)) {
            problems.push(format!(
                "the algorithm `{algorithm}` of the issuer `{}` needs the feature `aws_lc_rs`",
                config_url::redacted(&self.identifier)
            ));
        }
        configured.to_vec()
    }

    fn key_origin(&self, allowed: &[Algorithm], problems: &mut Vec<String>) -> Option<KeyOrigin> {
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
                config_url::redacted(&self.identifier)
            ));
        }
        let identifier = ok_or_report(config_url::issuer(&self.identifier), problems);
        match (&self.jwks_uri, &self.jwks) {
            (Some(_), Some(_)) => {
                problems.push(format!(
                    "the issuer `{}` has both `jwks_uri` and `jwks`: keep one",
                    config_url::redacted(&self.identifier)
                ));
                None
            }
            (None, None) => {
                let location = Location::Discovery(self.identifier.clone(), identifier?);
                Some(KeyOrigin::Remote(location, seed))
            }
            (Some(uri), None) => {
                let url = ok_or_report(config_url::url("`jwks_uri`", uri), problems)?;
                Some(KeyOrigin::Remote(Location::JwksUri(url), seed))
            }
            (None, Some(set)) => {
                let parsed = self.parse_configured_set("jwks", set, allowed, problems)?;
                let issuer = config_url::redacted(&self.identifier);
                // The operator chose every key of a configured set, so an unusable key is an error.
                for member in &parsed.unusable {
                    problems.push(format!("in the `jwks` of the issuer `{issuer}`, {member}"));
                }
                Some(KeyOrigin::Fixed(parsed.set))
            }
        }
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
            let issuer = config_url::redacted(&self.identifier);
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

/// Returns the value of an `Ok`. For an `Err`, adds its problem to `problems` and returns `None`.
fn ok_or_report<T>(checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked.map_err(|problem| problems.push(problem)).ok()
}
