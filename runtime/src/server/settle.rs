//! An issuer on its way from the description to work: checked, then started.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use reqwest::Url;
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

/// The settings of the server that an issuer inherits unless it has its own.
#[derive(Debug)]
pub(super) struct Defaults<'a> {
    pub(super) audiences: &'a [String],
    pub(super) algorithms: Option<&'a [Algorithm]>,
    pub(super) rfc9068: bool,
    pub(super) leeway: Duration,
}

/// An issuer that has been checked, before anything runs.
#[derive(Debug)]
pub(super) struct Settled {
    identifier: String,
    algorithms: Vec<Algorithm>,
    rules: Rules,
    location: Origin,
}

#[derive(Debug)]
enum Origin {
    Fixed(KeySet),
    /// With what serves until the issuer has answered.
    Remote(Location, Option<KeySet>),
}

impl Settled {
    pub(super) fn needs_client(&self) -> bool {
        matches!(self.location, Origin::Remote(..))
    }

    pub(super) fn start(
        self,
        client: Option<&Client>,
        listener: Option<&Listener>,
    ) -> Option<TrustedIssuer> {
        #[cfg(feature = "openapi")]
        let metadata = match (&self.location, client) {
            (Origin::Remote(location, _), Some(client)) => MetadataSource::of(client, location),
            _ => None,
        };
        let keys = match self.location {
            Origin::Fixed(set) => Keys::fixed(&self.identifier, set),
            Origin::Remote(location, seed) => {
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
    /// Checks it, and tells everything that is wrong.
    pub(super) fn settle(
        self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Option<Settled> {
        let known = problems.len();
        let algorithms = self.settled_algorithms(defaults, problems);
        let location = self.location(&algorithms, problems);
        let audiences =
            if self.audiences.is_empty() { defaults.audiences.to_vec() } else { self.audiences };
        if audiences.is_empty() {
            problems.push(format!(
                "the issuer `{}` has no audience: name this API's identifier with `audience`",
                config_url::shown(&self.identifier)
            ));
        }
        let wrong = audiences.iter().filter_map(|text| config_url::audience(text).err());
        problems.extend(wrong);
        let strict = self.rfc9068.unwrap_or(defaults.rfc9068);
        let rules = Rules {
            issuer_name: self.name.map(Into::into),
            audiences,
            profile: if strict { Profile::Rfc9068 } else { Profile::Jwt },
            dialect: self.provider.dialect(),
            leeway: defaults.leeway,
        };
        let location = location.filter(|_| problems.len() == known)?;
        Some(Settled { identifier: self.identifier, algorithms, rules, location })
    }

    fn settled_algorithms(
        &self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Vec<Algorithm> {
        let stated = self.algorithms.as_deref().or(defaults.algorithms);
        let Some(stated) = stated else {
            let supported = |algorithm: &Algorithm| signature::is_supported(*algorithm);
            return Algorithm::ALL.into_iter().filter(supported).collect();
        };
        if stated.is_empty() {
            let issuer = config_url::shown(&self.identifier);
            problems.push(format!("the issuer `{issuer}` has no algorithm"));
        }
        for algorithm in stated.iter().filter(|one| !signature::is_supported(**one)) {
            problems.push(format!(
                "the algorithm `{algorithm}` of the issuer `{}` needs the feature `aws_lc_rs`",
                config_url::shown(&self.identifier)
            ));
        }
        stated.to_vec()
    }

    fn location(&self, allowed: &[Algorithm], problems: &mut Vec<String>) -> Option<Origin> {
        let seed = self.seed_jwks.as_ref();
        let seed = seed.map(|seed| self.written("seed_jwks", seed, allowed, problems));
        // Often a copy of what the issuer publishes, which has keys for other ends, too.
        let seed = seed.map(|parsed| parsed.map(|parsed| self.without_unusable(parsed)));
        if seed.is_some() && self.jwks.is_some() {
            problems.push(format!(
                "the issuer `{}` has both `seed_jwks` and `jwks`, which is never fetched: keep one",
                config_url::shown(&self.identifier)
            ));
        }
        let mut keep =
            |checked: Result<Url, String>| checked.map_err(|problem| problems.push(problem)).ok();
        let issuer = keep(config_url::issuer(&self.identifier));
        match (&self.jwks_uri, &self.jwks) {
            (Some(_), Some(_)) => {
                problems.push(format!(
                    "the issuer `{}` has both `jwks_uri` and `jwks`: keep one",
                    config_url::shown(&self.identifier)
                ));
                None
            }
            (None, None) => {
                let location = Location::Discovery(self.identifier.clone(), issuer?);
                Some(Origin::Remote(location, seed.flatten()))
            }
            (Some(uri), None) => {
                let url = keep(config_url::url("`jwks_uri`", uri));
                Some(Origin::Remote(Location::JwksUri(url?), seed.flatten()))
            }
            (None, Some(set)) => {
                let parsed = self.written("jwks", set, allowed, problems)?;
                let issuer = config_url::shown(&self.identifier);
                // What somebody wrote down for this very end is meant to be used, each key of it.
                let wrong = |member| format!("{member} (of the issuer `{issuer}`)");
                problems.extend(parsed.unusable.iter().map(wrong));
                Some(Origin::Fixed(parsed.set))
            }
        }
    }

    /// A set that is part of the configuration, under this name.
    fn written(
        &self,
        name: &str,
        set: &Value,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<Parsed> {
        let issuer = config_url::shown(&self.identifier);
        let document = serde_json::to_vec(set).unwrap_or_default();
        let parsed = KeySet::parse(&document, allowed);
        let told = |error| problems.push(format!("the `{name}` of the issuer `{issuer}`: {error}"));
        parsed.map_err(told).ok()
    }

    /// What is left aside is told, as when it was fetched.
    fn without_unusable(&self, parsed: Parsed) -> KeySet {
        for LeftAside { kid, reason } in &parsed.unusable {
            telemetry::key_left_aside(&self.identifier, kid, reason);
        }
        parsed.set
    }
}
