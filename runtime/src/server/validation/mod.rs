//! Checks the configuration of a server and applies the server's defaults to each issuer.

mod algorithms;
mod api_keys;
mod claims;
mod client_certificate;
mod configured_set;
mod cookie;
mod description;
mod dpop;
#[cfg(feature = "security_events")]
pub(super) mod event_source;
#[cfg(feature = "security_events")]
mod event_transmitters;
mod fapi2;
mod http_client;
mod introspection;
mod key_origin;
#[cfg(feature = "security_events")]
mod logout_clients;
pub(super) mod resource;
mod revocation_feed;
mod rfc9068;
mod server;
mod shared_secret;
mod token_location;
mod url;
mod valid_issuer;

use std::fmt::Display;
use std::time::Duration;

#[cfg(feature = "security_events")]
pub(super) use self::event_transmitters::ValidTransmitter;
pub(super) use self::http_client::HttpDefaults;
pub(super) use self::valid_issuer::ValidIssuer;

use self::key_origin::KeyOrigin;
use super::Issuer;
use crate::algorithm::Algorithm;
use crate::keys::Location;
use crate::possession::RequiredBinding;
use crate::redaction::redacted;
use crate::token::{Profile, Rules};

/// The settings of the server that apply to issuers without settings of their own.
#[derive(Debug)]
pub(super) struct Defaults<'a> {
    pub(super) audiences: &'a [String],
    /// The URLs of this API.
    pub(super) locations: &'a [String],
    pub(super) algorithms: Option<&'a [Algorithm]>,
    pub(super) rfc9068: bool,
    pub(super) leeway: Duration,
    pub(super) accepts_dpop: bool,
    pub(super) required_binding: RequiredBinding,
    /// The longest time to the end of a revocation. `None` without a feed.
    #[cfg(feature = "security_events")]
    pub(super) revocation_horizon: Option<Duration>,
    /// True if security events may revoke the tokens of each issuer.
    #[cfg(feature = "security_events")]
    pub(super) receives_events: bool,
    pub(super) http: &'a HttpDefaults,
}

impl Issuer {
    /// Applies the server's defaults to this issuer and checks the result. Adds all problems to
    /// `problems`, and returns `None` if this issuer has any.
    pub(super) fn validate(
        self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Option<ValidIssuer> {
        let earlier_problems = problems.len();
        let algorithms = self.accepted_algorithms(defaults, problems);
        let key_origin = self.key_origin(&algorithms, problems);
        let metadata = match &key_origin {
            Some(KeyOrigin::Remote(Location::Discovery(discovery), _)) => Some(discovery.clone()),
            _ => self.configured_discovery(problems),
        };
        let introspection = self.valid_introspection(problems);
        let asks = self.introspection.is_some();
        let has_own_keys = matches!(key_origin, Some(KeyOrigin::Fixed(_) | KeyOrigin::File(..)));
        if has_own_keys && metadata.is_none() && !asks {
            problems.extend(self.unused_http_settings());
        }
        let reads_metadata = cfg!(feature = "__metadata") && metadata.is_some();
        let is_fetched = reads_metadata || !has_own_keys || asks;
        let client = is_fetched.then(|| self.client(defaults.http, problems)).flatten();
        let insecure_hosts = (is_fetched && self.insecure_http)
            .then(|| http_client::insecure_hosts(&self.destinations()));
        let dialect = self.dialect(problems);
        let audiences = self.accepted_audiences(defaults, problems);
        let strict = self.rfc9068.unwrap_or(defaults.rfc9068);
        if strict {
            self.check_rfc9068(problems);
        }
        #[cfg(feature = "security_events")]
        self.check_logout_clients(defaults, problems);
        let described = introspection.as_ref().map(|valid| valid.configuration.clone());
        let configuration = self.describe(&audiences, &algorithms, strict, described);
        let rules = Rules {
            issuer_name: self.name.map(Into::into),
            audiences,
            locations: defaults.locations.to_vec(),
            profile: if strict { Profile::Rfc9068 } else { Profile::Jwt },
            dialect,
            leeway: defaults.leeway,
            accepts_dpop: defaults.accepts_dpop,
            required_binding: defaults.required_binding,
        };
        if problems.len() > earlier_problems {
            return None;
        }
        Some(ValidIssuer {
            identifier: self.identifier,
            required: self.required,
            algorithms,
            rules,
            key_origin: key_origin?,
            introspection,
            configuration,
            #[cfg(feature = "security_events")]
            logout_clients: self.logout_clients,
            #[cfg(feature = "security_events")]
            token_lifetime: self.token_lifetime,
            #[cfg(feature = "__metadata")]
            metadata,
            client,
            insecure_hosts,
        })
    }
}

impl Issuer {
    /// Returns the audiences of the issuer, or those of the server.
    fn accepted_audiences(
        &self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Vec<String> {
        let audiences =
            if self.audiences.is_empty() { defaults.audiences } else { &self.audiences };
        if audiences.is_empty() {
            problems.push(format!(
                "the issuer `{}` has no audience: set the identifier of this API with `audience`",
                redacted(&self.identifier)
            ));
        }
        problems.extend(audiences.iter().filter_map(|text| url::audience(text).err()));
        audiences.to_vec()
    }

    /// Returns the text of a problem with a setting of this issuer. `problem` is the predicate of the
    /// sentence.
    fn problem(&self, setting: &str, problem: impl Display) -> String {
        format!("the `{setting}` of the {} {problem}", self.named())
    }

    /// Returns the role and the identifier, for the text of a problem.
    fn named(&self) -> String {
        format!("{} `{}`", self.role.noun(), redacted(&self.identifier))
    }
}

/// Returns the value of an `Ok`. For an `Err`, adds its problem to `problems` and returns `None`.
pub(super) fn ok_or_report<T>(checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked.map_err(|problem| problems.push(problem)).ok()
}
