//! Starts a server whose configuration is valid.

use std::collections::HashMap;
use std::sync::Arc;

use super::api_keys::ServerKeys;
use super::api_location::ApiLocation;
#[cfg(feature = "security_events")]
use super::configuration::EventTransmitterConfiguration;
use super::inner::Inner;
#[cfg(feature = "security_events")]
use super::security_events::SecurityEvents;
use super::validation::ValidIssuer;
#[cfg(feature = "security_events")]
use super::validation::ValidTransmitter;
use super::verified_tokens::VerifiedTokens;
use super::{
    ApiKeysConfiguration, ClientCertificateHeaderConfiguration, Configuration, DpopConfiguration,
    ResourceServerBuilder, RevocationFeedConfiguration,
};
use crate::api_key::{self, ValidApiKeys};
use crate::credential::{AmbientCredentials, TokenLocation};
use crate::dpop::DpopJudge;
use crate::refusal::{ChallengeSettings, DpopChallenge, Refusals};
use crate::resource_identifier::ResourceIdentifier;
use crate::revocation::Revocations;
use crate::transport::{CertificateSource, SecureTransport};

/// The parts of a configuration that `validation` has checked.
pub(super) struct ValidServer {
    pub(super) issuers: Vec<ValidIssuer>,
    pub(super) location: ApiLocation,
    pub(super) token_location: TokenLocation,
    pub(super) ambient: AmbientCredentials,
    pub(super) secure_transport: Option<Arc<SecureTransport>>,
    pub(super) dpop: Option<Arc<DpopJudge>>,
    pub(super) certificates: Arc<CertificateSource>,
    pub(super) api_keys: Option<ValidApiKeys>,
    #[cfg(feature = "security_events")]
    pub(super) transmitters: Vec<ValidTransmitter>,
}

impl ResourceServerBuilder {
    /// Starts the issuers of a valid configuration, and returns the server.
    pub(super) fn start(self, valid: ValidServer) -> Inner {
        let configuration = self.description(&valid);
        let issuers: HashMap<_, _> = valid
            .issuers
            .into_iter()
            .filter_map(|issuer| issuer.start(self.listener.as_ref()))
            .map(|issuer| (issuer.identifier.clone(), Arc::new(issuer)))
            .collect();
        let opaque_issuer = issuers.values().find(|issuer| issuer.has_opaque_tokens()).cloned();
        let revocations = Revocations::new(
            issuers
                .keys()
                .map(String::as_str)
                .chain(valid.api_keys.as_ref().map(|_| api_key::ISSUER)),
            self.revocation_bytes,
            Arc::clone(&self.clock),
            self.leeway,
            self.revocation_feed,
        );
        let challenge = ChallengeSettings {
            dpop: valid.dpop.as_deref().map(DpopChallenge::of),
            scheme: valid.token_location.challenge_scheme().to_owned(),
            realm: self.realm,
            resource_metadata: valid
                .location
                .resource
                .as_ref()
                .map(ResourceIdentifier::metadata_url),
        };
        #[cfg(feature = "security_events")]
        let (security_events, polled) = SecurityEvents::new(
            valid.transmitters.into_iter().filter_map(|transmitter| transmitter.start(&issuers)),
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
            ambient: valid.ambient,
            api_keys: valid.api_keys.map(|keys| {
                let place = keys.place.clone();
                Arc::new(ServerKeys { place, store: Arc::new(keys.store()) })
            }),
            clock: self.clock,
            secure_transport: valid.secure_transport,
            certificates: valid.certificates,
            refusals: Arc::new(Refusals::new(challenge, valid.dpop.clone(), self.refusal_body)),
            dpop: valid.dpop,
            token_location: valid.token_location,
            location: valid.location,
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
