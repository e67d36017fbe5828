//! Builds the server: checks the whole configuration, then starts to fetch the keys of the issuers.

use std::collections::HashMap;
use std::sync::Arc;

use super::api_keys::ServerKeys;
use super::api_location::ApiLocation;
use super::validation::{Defaults, HttpDefaults, ValidIssuer};
use super::verified_tokens::VerifiedTokens;
use super::{
    ApiKeysConfiguration, ClientCertificateHeaderConfiguration, Configuration, DpopConfiguration,
    Inner, ResourceServer, ResourceServerBuilder,
};
#[cfg(feature = "security_events")]
use super::{
    security_events::{EventPoll, PollEndpoint, TrustedTransmitter},
    trusted_issuer::TrustedIssuer,
    validation::event_source::EventSource,
};
use crate::api_key::{self, ValidApiKeys};
use crate::credential::{AmbientCredentials, TokenLocation};
use crate::dpop::DpopJudge;
use crate::error::ConfigError;
use crate::possession::RequiredBinding;
use crate::refusal::{ChallengeSettings, DpopChallenge, Refusals};
use crate::resource_identifier::ResourceIdentifier;
use crate::revocation::Revocations;
#[cfg(feature = "security_events")]
use crate::security_event::EventTransmitter;
use crate::telemetry;
use crate::transport::{CertificateSource, SecureTransport};

/// The parts of a configuration that `validation` has checked.
struct ValidServer {
    issuers: Vec<ValidIssuer>,
    location: ApiLocation,
    token_location: TokenLocation,
    ambient: AmbientCredentials,
    secure_transport: Option<Arc<SecureTransport>>,
    dpop: Option<Arc<DpopJudge>>,
    certificates: Arc<CertificateSource>,
    api_keys: Option<ValidApiKeys>,
    #[cfg(feature = "security_events")]
    event_sources: Vec<(EventTransmitter, EventSource)>,
}

impl ResourceServerBuilder {
    /// Builds the server. Inside a tokio runtime, this method also starts tasks that fetch the
    /// issuers' keys, but it does not wait for the keys. An API can therefore start while its
    /// issuer is down. Call this method in the tokio runtime that serves requests, because the
    /// tasks run in the current runtime. The timers of the runtime must be enabled.
    ///
    /// # Errors
    ///
    /// Returns one error that lists all problems of the configuration.
    pub fn build(self) -> Result<ResourceServer, ConfigError> {
        self.build_with_problems(Vec::new())
    }

    /// Builds the server. If `problems` is not empty, or if the configuration has problems, the
    /// error lists all of them.
    pub(super) fn build_with_problems(
        mut self,
        mut problems: Vec<String>,
    ) -> Result<ResourceServer, ConfigError> {
        self.apply_fapi2(&mut problems);
        self.check(&mut problems);
        let http = HttpDefaults::new(&self.http, &mut problems);
        let location = self.location(&mut problems);
        let token_location = self.token_location(&mut problems);
        let ambient = self.ambient_credentials(&mut problems);
        let proxies = self.proxy_networks(&mut problems);
        let certificates = Arc::new(self.certificate_source(&proxies, &mut problems));
        let secure_transport = self.require_https.then(|| Arc::new(SecureTransport::new(proxies)));
        let dpop = self.dpop_judge(&mut problems);
        let defaults = Defaults {
            audiences: &self.default_audiences(),
            locations: &self.own_locations(),
            algorithms: self.algorithms.as_deref(),
            rfc9068: self.rfc9068,
            leeway: self.leeway,
            accepts_dpop: self.dpop.is_some(),
            required_binding: RequiredBinding {
                dpop: self.dpop.as_ref().is_some_and(|dpop| dpop.required),
                mtls: self.certificate_bound_tokens_required,
                either: self.fapi2,
            },
            http: &http,
        };
        #[cfg(feature = "security_events")]
        let event_sources: Vec<_> = self
            .event_transmitters
            .iter()
            .filter_map(|transmitter| {
                let source = transmitter.source(&self.issuers, &defaults, &mut problems)?;
                Some((transmitter.clone(), source))
            })
            .collect();
        let issuers: Vec<ValidIssuer> = std::mem::take(&mut self.issuers)
            .into_iter()
            .filter_map(|issuer| issuer.validate(&defaults, &mut problems))
            .collect();
        let api_keys = self.valid_api_keys(&token_location, &mut problems);
        ConfigError::unless_empty(problems)?;
        telemetry::describe();
        let valid = ValidServer {
            issuers,
            location,
            token_location,
            ambient,
            secure_transport,
            dpop,
            certificates,
            api_keys,
            #[cfg(feature = "security_events")]
            event_sources,
        };
        Ok(ResourceServer(Arc::new(self.start(valid))))
    }

    /// Starts the issuers of a valid configuration, and returns the server.
    fn start(self, valid: ValidServer) -> Inner {
        let configuration = self.description(&valid);
        let ValidServer {
            issuers,
            location,
            token_location,
            ambient,
            secure_transport,
            dpop,
            certificates,
            api_keys,
            #[cfg(feature = "security_events")]
            event_sources,
        } = valid;
        let issuers: HashMap<_, _> = issuers
            .into_iter()
            .filter_map(|issuer| issuer.start(self.listener.as_ref()))
            .map(|issuer| (issuer.identifier.clone(), Arc::new(issuer)))
            .collect();
        let opaque_issuer = issuers.values().find(|issuer| issuer.has_opaque_tokens()).cloned();
        let revocations = Revocations::new(
            issuers.keys().map(String::as_str).chain(api_keys.as_ref().map(|_| api_key::ISSUER)),
            self.revocation_bytes,
            Arc::clone(&self.clock),
            self.leeway,
        );
        let challenge = ChallengeSettings {
            dpop: dpop.as_deref().map(DpopChallenge::of),
            scheme: token_location.challenge_scheme().to_owned(),
            realm: self.realm,
            resource_metadata: location.resource.as_ref().map(ResourceIdentifier::metadata_url),
        };
        #[cfg(feature = "security_events")]
        let (event_transmitters, polled) = start_transmitters(event_sources, &issuers);
        let inner = Inner {
            configuration,
            issuers,
            opaque_issuer,
            verified: Arc::new(VerifiedTokens::with_capacity(self.verified_token_bytes)),
            revocations,
            websocket_protocol_token: self.websocket_protocol_token,
            refuse_undemanded_details: self.refuse_undemanded_details,
            ambient,
            api_keys: api_keys.map(|keys| {
                let place = keys.place.clone();
                Arc::new(ServerKeys { place, store: Arc::new(keys.store()) })
            }),
            clock: self.clock,
            secure_transport,
            certificates,
            refusals: Arc::new(Refusals::new(challenge, dpop.clone(), self.refusal_body)),
            dpop,
            token_location,
            location,
            audit: self.audit,
            #[cfg(feature = "security_events")]
            event_transmitters,
            #[cfg(feature = "security_events")]
            event_polls: Arc::default(),
        };
        #[cfg(feature = "security_events")]
        let inner = inner.polling(polled);
        inner
    }

    /// Describes the configuration with which the server is built.
    fn description(&self, valid: &ValidServer) -> Configuration {
        Configuration {
            leeway: self.leeway,
            realm: self.realm.clone(),
            resource: self.resource.clone(),
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            require_https: self.require_https,
            fapi2: self.fapi2,
            revocations_fed_by_application: self.revocations_fed_by_application,
            refuse_undemanded_details: self.refuse_undemanded_details,
            client_certificate_header: self
                .client_certificate_header
                .as_ref()
                .map(ClientCertificateHeaderConfiguration::of),
            certificate_bound_tokens_required: self.certificate_bound_tokens_required,
            verified_token_bytes: self.verified_token_bytes,
            revocation_bytes: self.revocation_bytes,
            token_scheme: valid.token_location.scheme().map(str::to_owned),
            token_header: self.token_header.clone(),
            websocket_protocol_token: self.websocket_protocol_token,
            token_cookie: self.token_cookie.clone(),
            token_cookie_origins: self.token_cookie_origins.clone(),
            api_keys: valid.api_keys.as_ref().map(ApiKeysConfiguration::of),
            dpop: self.dpop.as_ref().map(DpopConfiguration::of),
            issuers: valid.issuers.iter().map(|issuer| issuer.configuration.clone()).collect(),
        }
    }
}

/// Transmitter that the server polls, and its endpoint.
#[cfg(feature = "security_events")]
type Polled = (Arc<TrustedTransmitter>, PollEndpoint);

/// Starts to fetch the keys of the transmitters. Returns all transmitters, and those to poll.
#[cfg(feature = "security_events")]
fn start_transmitters(
    sources: Vec<(EventTransmitter, EventSource)>,
    issuers: &HashMap<String, Arc<TrustedIssuer>>,
) -> (Vec<Arc<TrustedTransmitter>>, Vec<Polled>) {
    let mut transmitters = Vec::new();
    let mut polled = Vec::new();
    for (settings, source) in sources {
        let Some((keys, endpoint)) = source.start(issuers) else { continue };
        let identifier = settings.issuer.as_str().into();
        let transmitter = Arc::new(TrustedTransmitter { identifier, settings, keys });
        polled.extend(endpoint.map(|endpoint| (Arc::clone(&transmitter), endpoint)));
        transmitters.push(transmitter);
    }
    (transmitters, polled)
}

#[cfg(feature = "security_events")]
impl Inner {
    /// Starts to poll these transmitters. The events are received by a server that shares all state
    /// with this one and does not poll, so that the tasks end with this server and its clones.
    fn polling(self, polled: Vec<Polled>) -> Self {
        if polled.is_empty() {
            return self;
        }
        let receiver = ResourceServer(Arc::new(self.clone()));
        let start =
            |(transmitter, endpoint)| EventPoll::start(receiver.clone(), transmitter, endpoint);
        Self { event_polls: polled.into_iter().map(start).collect(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Issuer;

    #[test]
    fn problems_never_contain_a_password() {
        let issuer = || Issuer::new("https://user:secret@a.example.com").algorithms([]);
        let builder = ResourceServer::builder().issuer(issuer()).issuer(issuer());
        let problems = builder.build().unwrap_err().to_string();
        assert!(problems.contains("remove it"), "{problems}");
        assert!(!problems.contains("secret"), "{problems}");
    }

    #[test]
    fn an_empty_identifier_is_one_problem() {
        let builder = ResourceServer::builder().issuer("").audience("api");
        let problems = builder.build().unwrap_err().to_string();
        let expected = "the resource server cannot be built: an issuer has an empty identifier";
        assert_eq!(problems, expected);
    }

    #[test]
    fn issuer_names_are_unique_and_not_empty() {
        let (a, b) = ("https://a.example.com", "https://b.example.com");
        let build = |first: Issuer, second: Issuer| {
            let builder = ResourceServer::builder().audience("api");
            builder.issuer(first).issuer(second).build().is_ok()
        };
        let named = |issuer: &str, name: &str| Issuer::new(issuer).name(name);
        assert!(build(named(a, "acme"), named(b, "partner")));
        assert!(build(named(a, a), named(b, "partner")));
        assert!(!build(named(a, "acme"), named(b, "acme")));
        assert!(!build(named(a, b), Issuer::new(b)));
        assert!(!build(named(a, " "), Issuer::new(b)));
    }
}
