//! Checks the settings of introspection.

mod client_credentials;

use std::time::Duration;

use reqwest::Url;

use super::{ok_or_report, url};
use crate::introspection::{AnswerAudience, ClientCredentials, Introspection, Mode};
use crate::keys::{Client, Discovery, MetadataSource};
use crate::redaction::{redacted, redacted_url};
use crate::server::introspection::{Endpoint, Introspector, Settings};
use crate::server::{IntrospectionConfiguration, Issuer, ResourceServerBuilder};

/// The default of `cache_seconds`.
const PERIOD: u64 = 60;

/// The largest accepted `cache_seconds`.
const PERIOD_LIMIT: u64 = 3600;

/// Checked settings of introspection.
pub(in crate::server) struct ValidIntrospection {
    mode: Mode,
    /// The configured URL, or the discovery of the metadata that names it.
    location: Result<Url, Discovery>,
    insecure_http: bool,
    credentials: ClientCredentials,
    period: Duration,
    is_for_client: bool,
    jwt_audience: Option<String>,
    pub(super) configuration: IntrospectionConfiguration,
}

impl ValidIntrospection {
    /// Creates the part of a running server that asks the issuer.
    pub(super) fn start(self, client: Client) -> Introspector {
        let endpoint = match self.location {
            Ok(url) => Endpoint::Configured(url),
            Err(discovery) => {
                let source = MetadataSource::new(client.clone(), discovery);
                Endpoint::in_metadata(source, self.insecure_http)
            }
        };
        let settings = Settings {
            mode: self.mode,
            endpoint,
            credentials: self.credentials,
            period: self.period,
            is_for_client: self.is_for_client,
            jwt_audience: self.jwt_audience,
        };
        Introspector::new(settings, client)
    }

    /// Returns true if an answer need not have an audience.
    pub(super) fn is_for_client(&self) -> bool {
        self.is_for_client
    }
}

impl std::fmt::Debug for ValidIntrospection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ValidIntrospection").finish_non_exhaustive()
    }
}

impl ResourceServerBuilder {
    /// Checks that at most one issuer gives opaque tokens.
    pub(super) fn check_opaque_issuers(&self, problems: &mut Vec<String>) {
        let takes_opaque =
            |issuer: &&Issuer| issuer.mode().is_some_and(|mode| mode != Mode::Always);
        let mut issuers = self.issuers.iter().filter(takes_opaque);
        if let (Some(one), Some(other)) = (issuers.next(), issuers.next()) {
            problems.push(format!(
                "the issuers `{}` and `{}` both give opaque tokens, which do not name their issuer: \
                 keep `introspection` of one, or set its `mode` to `always` for an issuer of JWTs",
                redacted(&one.identifier),
                redacted(&other.identifier)
            ));
        }
    }
}

impl Issuer {
    /// Returns the mode of introspection with its default. Returns `None` for an issuer without
    /// introspection.
    pub(in crate::server) fn mode(&self) -> Option<Mode> {
        let introspection = self.introspection.as_ref()?;
        let has_keys = self.key_settings().next().is_some() || self.seed_jwks.is_some();
        Some(introspection.mode.unwrap_or(if has_keys { Mode::Opaque } else { Mode::Only }))
    }

    /// Returns true if the server needs keys of this issuer: to verify tokens, or answers.
    pub(super) fn needs_keys(&self) -> bool {
        let verifies_answers = self.introspection.as_ref().is_some_and(|settings| settings.jwt);
        self.mode() != Some(Mode::Only) || verifies_answers
    }

    /// Returns true if the server finds the keys or the endpoint by discovery.
    pub(super) fn uses_discovery(&self) -> bool {
        let has_endpoint = self.introspection.as_ref().is_none_or(|one| one.endpoint.is_some());
        !has_endpoint || (self.needs_keys() && self.key_settings().next().is_none())
    }

    /// Checks the settings of introspection. Adds all problems to `problems`.
    pub(super) fn valid_introspection(
        &self,
        problems: &mut Vec<String>,
    ) -> Option<ValidIntrospection> {
        let settings = self.introspection.as_ref()?;
        let mode = self.mode()?;
        self.check_unused(settings, mode, problems);
        let location = self.introspection_location(settings, problems);
        let credentials = self.client_credentials(settings, problems);
        let seconds = settings.cache_seconds.unwrap_or(PERIOD);
        if seconds > PERIOD_LIMIT {
            let problem = format!("is longer than {PERIOD_LIMIT} s");
            problems.push(self.problem("introspection.cache_seconds", problem));
        }
        if settings.jwt && self.has_secret() {
            problems.push(self.problem(
                "introspection.jwt",
                "needs public keys of the issuer, and the issuer has a shared secret: remove one",
            ));
        }
        if settings.jwt && settings.client_id.is_none() {
            problems.push(self.problem(
                "introspection.jwt",
                "needs `introspection.client_id`, which is the audience of the answers",
            ));
        }
        let (location, credentials) = (location?, credentials?);
        let period = Duration::from_secs(seconds);
        let is_for_client = settings.audience == Some(AnswerAudience::Client);
        let configuration = IntrospectionConfiguration {
            endpoint: settings.endpoint.as_deref().map(redacted_url),
            client_id: settings.client_id.clone(),
            client_authentication: credentials.method(),
            mode: mode.name(),
            cache_period: period,
            audience: is_for_client.then_some("client"),
            jwt: settings.jwt,
        };
        Some(ValidIntrospection {
            mode,
            location,
            insecure_http: self.insecure_http,
            credentials,
            period,
            is_for_client,
            jwt_audience: settings.client_id.clone().filter(|_| settings.jwt),
            configuration,
        })
    }

    /// Reports settings that have no effect, because the server reads no token of the issuer.
    fn check_unused(&self, settings: &Introspection, mode: Mode, problems: &mut Vec<String>) {
        if mode != Mode::Only {
            return;
        }
        let reason = "has no effect, because `introspection.mode` is `only`: remove it, or choose \
                      another mode";
        if settings.jwt {
            return;
        }
        problems.extend(self.key_settings().map(|setting| self.problem(setting.name(), reason)));
        if self.seed_jwks.is_some() {
            problems.push(self.problem("seed_jwks", reason));
        }
        if self.algorithms.is_some() {
            problems.push(self.problem("algorithms", reason));
        }
    }

    fn introspection_location(
        &self,
        settings: &Introspection,
        problems: &mut Vec<String>,
    ) -> Option<Result<Url, Discovery>> {
        let Some(endpoint) = &settings.endpoint else {
            if self.metadata_url.is_none() && !self.identifier.is_empty() {
                let issuer = url::issuer(&self.identifier, self.insecure_http);
                if issuer.is_err() {
                    problems.push(self.problem(
                        "introspection",
                        "has no `endpoint`, and the metadata that names it cannot be found, because \
                         the identifier of the issuer is not an https URL: set \
                         `introspection.endpoint` or `metadata_url`",
                    ));
                    return None;
                }
            }
            return self.discovery(problems).map(Err);
        };
        let url = url::document("`introspection.endpoint`", endpoint, self.insecure_http);
        ok_or_report(url, problems).map(Ok)
    }
}
