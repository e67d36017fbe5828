//! Builds the server: checks the whole configuration, then starts to fetch the keys of the issuers.

use std::collections::HashMap;
use std::sync::Arc;

use super::api_keys::ServerKeys;
use super::api_location::ApiLocation;
#[cfg(feature = "security_events")]
use super::configuration::EventTransmitterConfiguration;
#[cfg(feature = "security_events")]
use super::security_events::SecurityEvents;
#[cfg(feature = "security_events")]
use super::validation::ValidTransmitter;
use super::validation::{Defaults, HttpDefaults, ValidIssuer};
use super::verified_tokens::VerifiedTokens;
use super::{
    ApiKeysConfiguration, ClientCertificateHeaderConfiguration, Configuration, DpopConfiguration,
    Inner, ResourceServer, ResourceServerBuilder, RevocationFeedConfiguration,
};
use crate::api_key::{self, ValidApiKeys};
use crate::credential::{AmbientCredentials, TokenLocation};
use crate::dpop::DpopJudge;
use crate::error::ConfigError;
use crate::possession::RequiredBinding;
use crate::refusal::{ChallengeSettings, DpopChallenge, Refusals};
use crate::resource_identifier::ResourceIdentifier;
use crate::revocation::Revocations;
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
    transmitters: Vec<ValidTransmitter>,
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
    pub fn build(mut self) -> Result<ResourceServer, ConfigError> {
        let Some(environment) = self.environment.take() else {
            return self.build_with_problems(Vec::new());
        };
        let server = self
            .build_with_problems(environment.problems())
            .map_err(|error| environment.name_variables(error))?;
        environment.log_misspellings();
        Ok(server)
    }

    /// Builds the server. If `problems` is not empty, or if the configuration has problems, the
    /// error lists all of them.
    fn build_with_problems(
        mut self,
        mut problems: Vec<String>,
    ) -> Result<ResourceServer, ConfigError> {
        self.apply_replay_store();
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
        #[cfg(feature = "security_events")]
        let mut transmitters = self.valid_transmitters(&mut problems);
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
            #[cfg(feature = "security_events")]
            revocation_horizon: self.revocation_feed.as_ref().map(|feed| feed.horizon),
            #[cfg(feature = "security_events")]
            receives_events: !transmitters.is_empty(),
            http: &http,
        };
        #[cfg(feature = "security_events")]
        for transmitter in &mut transmitters {
            transmitter.check_source(&self.issuers, &defaults, &mut problems);
        }
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
            transmitters,
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
            transmitters,
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
            self.revocation_feed,
        );
        let challenge = ChallengeSettings {
            dpop: dpop.as_deref().map(DpopChallenge::of),
            scheme: token_location.challenge_scheme().to_owned(),
            realm: self.realm,
            resource_metadata: location.resource.as_ref().map(ResourceIdentifier::metadata_url),
        };
        #[cfg(feature = "security_events")]
        let (security_events, polled) = SecurityEvents::new(
            transmitters.into_iter().filter_map(|transmitter| transmitter.start(&issuers)),
        );
        let inner = Inner {
            configuration,
            #[cfg(feature = "security_events")]
            security_events: Arc::new(security_events),
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
            revocation_feed: self.revocation_feed.as_ref().map(RevocationFeedConfiguration::of),
            token_scheme: valid.token_location.scheme().map(str::to_owned),
            token_header: self.token_header.clone(),
            websocket_protocol_token: self.websocket_protocol_token,
            token_cookie: self.token_cookie.clone(),
            token_cookie_origins: self.token_cookie_origins.clone(),
            api_keys: valid.api_keys.as_ref().map(ApiKeysConfiguration::of),
            dpop: self.dpop.as_ref().map(DpopConfiguration::of),
            #[cfg(feature = "security_events")]
            event_transmitters: valid
                .transmitters
                .iter()
                .map(EventTransmitterConfiguration::of)
                .collect(),
            issuers: valid.issuers.iter().map(|issuer| issuer.configuration.clone()).collect(),
        }
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
