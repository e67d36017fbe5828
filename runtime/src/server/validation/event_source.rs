//! Checks where the keys of an event transmitter are, and how it is polled.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use http::HeaderValue;
use reqwest::Url;

use super::key_origin::KeyOrigin;
use super::{Defaults, http_client, ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::bounded_file::read_secret;
use crate::introspection::secret_of_content;
use crate::keys::{Client, HeaderFile};
use crate::redaction::redacted;
use crate::security_event::EventTransmitter;
use crate::server::Issuer;
use crate::server::security_events::{OwnKeys, PollAuthorization, PollEndpoint, TransmitterKeys};
use crate::server::settings::{IssuerRole, KeySetting};
use crate::server::trusted_issuer::TrustedIssuer;
use crate::telemetry;

/// Largest accepted size of a file with an access token, in bytes.
const FILE_LIMIT: u64 = 64 * 1024;

/// Checked settings of the requests to a transmitter.
pub(in crate::server) struct EventSource {
    identifier: String,
    keys: KeySource,
    client: Option<Client>,
    poll: Option<(Url, Option<PollAuthorization>)>,
    /// Hosts that are named in the warning about plain http, if it is permitted.
    insecure_hosts: Option<String>,
}

#[allow(clippy::large_enum_variant, reason = "there is one for each transmitter")]
enum KeySource {
    /// The keys of the issuer with the same identifier.
    Issuer,
    /// Keys of their own, with the name of their origin.
    Own(KeyOrigin, Vec<Algorithm>, &'static str),
}

impl EventSource {
    /// Returns the name of the origin of the keys, for the description of the configuration.
    pub(in crate::server) fn key_origin(&self) -> &'static str {
        match self.keys {
            KeySource::Issuer => "issuer",
            KeySource::Own(_, _, name) => name,
        }
    }

    /// Starts to fetch the keys, and returns them with the endpoint that the server polls.
    pub(in crate::server) fn start(
        self,
        issuers: &HashMap<String, Arc<TrustedIssuer>>,
    ) -> Option<(TransmitterKeys, Option<PollEndpoint>)> {
        if let Some(hosts) = &self.insecure_hosts {
            telemetry::insecure_http(&self.identifier, hosts);
        }
        let keys = match self.keys {
            KeySource::Issuer => {
                TransmitterKeys::Issuer(Arc::clone(issuers.get(&self.identifier)?))
            }
            KeySource::Own(origin, algorithms, _) => {
                // The name differs from that of an issuer with the same identifier.
                let name = format!("{} (events)", self.identifier);
                let keys = origin.start(&name, self.client.clone(), &algorithms, None)?;
                TransmitterKeys::Own(OwnKeys { transmitter: self.identifier, keys, algorithms })
            }
        };
        let poll = self.poll.zip(self.client);
        let poll =
            poll.map(|((url, authorization), client)| PollEndpoint { url, authorization, client });
        Some((keys, poll))
    }
}

impl EventTransmitter {
    /// Checks the settings of the requests to this transmitter. Adds all problems to `problems`.
    pub(in crate::server) fn source(
        &self,
        issuers: &[Issuer],
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Option<EventSource> {
        let earlier_problems = problems.len();
        let issuer = self.as_issuer();
        let mut destinations = Vec::new();
        let keys = match issuers.iter().find(|one| one.identifier == self.issuer) {
            Some(same) if !self.has_own_keys() => {
                self.check_shared_keys(same, problems);
                Some(KeySource::Issuer)
            }
            _ => {
                self.check_own_keys(problems);
                let algorithms = issuer.accepted_algorithms(defaults, problems);
                let origin = issuer.key_origin(&algorithms, problems);
                if let Some(KeyOrigin::Remote(..)) = origin {
                    destinations = issuer.destinations();
                }
                let name = issuer.key_settings().next().map_or("discovery", KeySetting::name);
                origin.map(|origin| KeySource::Own(origin, algorithms, name))
            }
        };
        let poll = self.valid_poll(problems);
        destinations.extend(poll.iter().map(|(url, _)| url.clone()));
        let sends_requests = !destinations.is_empty();
        if !sends_requests {
            problems.extend(issuer.unused_http_settings());
        }
        let client = sends_requests
            .then(|| issuer.client_for(&destinations, defaults.http, problems))
            .flatten();
        let insecure_hosts = (sends_requests && self.insecure_http)
            .then(|| http_client::insecure_hosts(&destinations));
        if problems.len() > earlier_problems {
            return None;
        }
        let identifier = self.issuer.clone();
        Some(EventSource { identifier, keys: keys?, client, poll, insecure_hosts })
    }

    /// Returns the settings of keys and requests as those of an issuer.
    fn as_issuer(&self) -> Issuer {
        Issuer {
            role: IssuerRole::Events,
            metadata_url: self.metadata_url.clone(),
            jwks_uri: self.jwks_uri.clone(),
            jwks: self.jwks.clone(),
            jwks_file: self.jwks_file.clone(),
            algorithms: self.algorithms.clone(),
            insecure_http: self.insecure_http,
            ca_file: self.ca_file.clone(),
            ..Issuer::new(self.issuer.clone())
        }
    }

    pub(in crate::server) fn has_poll_authorization(&self) -> bool {
        self.poll_authorization.is_some() || self.poll_bearer_file.is_some()
    }

    fn has_own_keys(&self) -> bool {
        self.own_keys
            || self.metadata_url.is_some()
            || self.jwks_uri.is_some()
            || self.jwks.is_some()
            || self.jwks_file.is_some()
    }

    fn check_own_keys(&self, problems: &mut Vec<String>) {
        let settings = [
            ("jwks_uri", self.jwks_uri.is_some()),
            ("jwks", self.jwks.is_some()),
            ("jwks_file", self.jwks_file.is_some()),
        ];
        let set = settings.into_iter().find(|(_, is_set)| *is_set);
        if let (Some(_), Some((name, _))) = (&self.metadata_url, set) {
            let problem = format!("has no effect, because `{name}` is set: keep one");
            problems.push(self.problem("metadata_url", &problem));
        }
    }

    /// Checks that the issuer with the same identifier has keys with which only the issuer can sign.
    fn check_shared_keys(&self, issuer: &Issuer, problems: &mut Vec<String>) {
        if self.algorithms.is_some() {
            let problem = "has no effect, because its events are verified with the keys and the \
                           algorithms of the issuer: set `own_keys`, or remove it";
            problems.push(self.problem("algorithms", problem));
        }
        if let Err(problem) = issuer.signs_for_others() {
            problems.push(format!(
                "the event transmitter `{}` {problem}, or set `own_keys` of the transmitter",
                redacted(&self.issuer)
            ));
        }
    }

    fn valid_poll(&self, problems: &mut Vec<String>) -> Option<(Url, Option<PollAuthorization>)> {
        let credentials = [
            ("poll_authorization", self.poll_authorization.is_some()),
            ("poll_bearer_file", self.poll_bearer_file.is_some()),
        ];
        let set: Vec<_> =
            credentials.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect();
        let Some(endpoint) = &self.poll_endpoint else {
            let problem = "has no effect without `poll_endpoint`: set it, or remove this setting";
            problems.extend(set.iter().map(|name| self.problem(name, problem)));
            return None;
        };
        if set.len() > 1 {
            problems.push(
                self.problem("poll_authorization", "is set beside `poll_bearer_file`: keep one"),
            );
        }
        let url = url::document("`poll_endpoint`", endpoint, self.insecure_http);
        let url = ok_or_report(url, problems);
        let authorization = self.valid_authorization(problems);
        Some((url?, authorization?))
    }

    /// Returns the authorization of poll requests, if there is one. Returns `None` after a problem.
    #[allow(clippy::option_option, reason = "a problem and no authorization are different")]
    fn valid_authorization(&self, problems: &mut Vec<String>) -> Option<Option<PollAuthorization>> {
        if let Some(text) = &self.poll_authorization {
            let value = HeaderValue::from_str(text).ok().filter(|_| !text.trim().is_empty());
            let Some(mut value) = value else {
                let problem = "is empty or has a character that a header cannot have";
                problems.push(self.problem("poll_authorization", problem));
                return None;
            };
            value.set_sensitive(true);
            return Some(Some(PollAuthorization::Text(value)));
        }
        let Some(path) = &self.poll_bearer_file else { return Some(None) };
        if let Err(problem) = check_bearer_file(path) {
            problems.push(self.problem("poll_bearer_file", &format!("cannot be used: {problem}")));
            return None;
        }
        let file = HeaderFile::new(path.clone(), "Bearer ".to_owned());
        Some(Some(PollAuthorization::File(file)))
    }

    /// Returns the text of a problem with a setting of this transmitter. `problem` is the predicate
    /// of the sentence.
    fn problem(&self, setting: &str, problem: &str) -> String {
        format!("the `{setting}` of the event transmitter `{}` {problem}", redacted(&self.issuer))
    }
}

/// Checks a file that is read again for each request.
fn check_bearer_file(path: &Path) -> Result<(), String> {
    read_secret(path, FILE_LIMIT, |content| {
        let text = secret_of_content(content)?;
        HeaderValue::from_str(&text).map(drop).map_err(|_| {
            "has a line break or another character that a header cannot have".to_owned()
        })
    })
}
