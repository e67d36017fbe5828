//! Checks the configuration of a server, applies the server's defaults to each issuer, and starts the
//! issuers.

mod algorithms;
mod claims;
mod configured_set;
mod description;
mod key_origin;
mod network;
pub(super) mod resource;
mod server;
mod shared_secret;
pub(super) mod url;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use fastrand::Rng;

use self::key_origin::KeyOrigin;
pub(super) use self::network::Network;
use super::trusted_issuer::TrustedIssuer;
use super::{Issuer, IssuerConfiguration};
use crate::algorithm::Algorithm;
use crate::keys::{Client, HttpDocuments, Keys, Listener, Location, Source};
#[cfg(feature = "openapi")]
use crate::keys::{Discovery, MetadataSource};
use crate::telemetry;
use crate::token::{Profile, Rules};

/// The settings of the server that apply to issuers without settings of their own.
#[derive(Debug)]
pub(super) struct Defaults<'a> {
    pub(super) audiences: &'a [String],
    pub(super) algorithms: Option<&'a [Algorithm]>,
    pub(super) rfc9068: bool,
    pub(super) leeway: Duration,
    pub(super) network: &'a Network,
}

/// A checked configuration of an issuer with all defaults applied. The method `start` turns it into
/// a `TrustedIssuer` and starts to fetch the issuer's keys.
#[derive(Debug)]
pub(super) struct SettledIssuer {
    identifier: String,
    required: bool,
    algorithms: Vec<Algorithm>,
    rules: Rules,
    key_origin: KeyOrigin,
    pub(super) configuration: IssuerConfiguration,
    /// Discovery of the metadata that OpenAPI documents describe.
    #[cfg(feature = "openapi")]
    metadata: Option<Discovery>,
    /// Client for the keys and the metadata. `None` if the server fetches neither.
    client: Option<Client>,
    /// Hosts that are named in the warning about plain http, if it is permitted.
    insecure_hosts: Option<String>,
}

impl SettledIssuer {
    pub(super) fn start(self, listener: Option<&Listener>) -> Option<TrustedIssuer> {
        #[cfg(feature = "openapi")]
        let metadata = self
            .client
            .as_ref()
            .zip(self.metadata)
            .map(|(client, discovery)| MetadataSource::new(client.clone(), discovery));
        if let Some(hosts) = &self.insecure_hosts {
            telemetry::insecure_http(&self.identifier, hosts);
        }
        let keys = match self.key_origin {
            KeyOrigin::Fixed(set) => Keys::fixed(&self.identifier, set),
            KeyOrigin::File(file, set) => {
                Keys::fetched(&self.identifier, file, Rng::new(), Some(set), listener.cloned())
            }
            KeyOrigin::Remote(location, seed) => {
                let algorithms = self.algorithms.clone();
                let documents = HttpDocuments::new(self.client?, location, algorithms);
                let source = Source::of(documents);
                Keys::fetched(&self.identifier, source, Rng::new(), seed, listener.cloned())
            }
        };
        claims::warn_of_ambiguous_settings(&self.identifier, &self.rules);
        Some(TrustedIssuer {
            identifier: self.identifier,
            required: self.required,
            algorithms: self.algorithms,
            rules: Arc::new(self.rules),
            keys,
            insecure_http: self.insecure_hosts.is_some(),
            has_warned: AtomicBool::new(false),
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
        let metadata = match &key_origin {
            Some(KeyOrigin::Remote(Location::Discovery(discovery), _)) => Some(discovery.clone()),
            _ => self.configured_discovery(problems),
        };
        let reads_metadata = cfg!(feature = "openapi") && metadata.is_some();
        let is_fetched = reads_metadata
            || !matches!(key_origin, Some(KeyOrigin::Fixed(_) | KeyOrigin::File(..)));
        let client = is_fetched.then(|| self.client(defaults.network, problems)).flatten();
        let insecure_hosts = (is_fetched && self.insecure_http).then(|| self.insecure_hosts());
        let dialect = self.dialect(problems);
        let audiences =
            if self.audiences.is_empty() { defaults.audiences } else { &self.audiences }.to_vec();
        if audiences.is_empty() {
            problems.push(format!(
                "the issuer `{}` has no audience: set the identifier of this API with `audience`",
                url::redacted(&self.identifier)
            ));
        }
        problems.extend(audiences.iter().filter_map(|text| url::audience(text).err()));
        let strict = self.rfc9068.unwrap_or(defaults.rfc9068);
        let configuration = self.describe(&audiences, &algorithms, strict);
        let rules = Rules {
            issuer_name: self.name.map(Into::into),
            audiences,
            profile: if strict { Profile::Rfc9068 } else { Profile::Jwt },
            dialect,
            leeway: defaults.leeway,
        };
        if problems.len() > earlier_problems {
            return None;
        }
        Some(SettledIssuer {
            identifier: self.identifier,
            required: self.required,
            algorithms,
            rules,
            key_origin: key_origin?,
            configuration,
            #[cfg(feature = "openapi")]
            metadata,
            client,
            insecure_hosts,
        })
    }
}

/// Returns the value of an `Ok`. For an `Err`, adds its problem to `problems` and returns `None`.
pub(super) fn ok_or_report<T>(checked: Result<T, String>, problems: &mut Vec<String>) -> Option<T> {
    checked.map_err(|problem| problems.push(problem)).ok()
}
