//! Starts a trusted issuer with a valid configuration.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(feature = "security_events")]
use std::time::Duration;

use super::claims::warn_of_ambiguous_settings;
use super::introspection::ValidIntrospection;
use super::key_origin::KeyOrigin;
use crate::algorithm::Algorithm;
use crate::keys::{Client, Listener};
#[cfg(feature = "__metadata")]
use crate::keys::{Discovery, MetadataSource};
use crate::redaction::redacted;
use crate::server::IssuerConfiguration;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::telemetry;
use crate::token::Rules;

/// A valid configuration of an issuer with all defaults applied.
#[derive(Debug)]
pub(in crate::server) struct ValidIssuer {
    pub(super) identifier: String,
    pub(super) required: bool,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) rules: Rules,
    pub(super) key_origin: KeyOrigin,
    pub(super) introspection: Option<ValidIntrospection>,
    pub(in crate::server) configuration: IssuerConfiguration,
    #[cfg(feature = "security_events")]
    pub(super) logout_clients: Vec<String>,
    #[cfg(feature = "security_events")]
    pub(super) token_lifetime: Duration,
    /// Discovery of the metadata with the endpoints for clients.
    #[cfg(feature = "__metadata")]
    pub(super) metadata: Option<Discovery>,
    /// Client for the keys, the metadata and introspection. `None` if the server sends no requests.
    pub(super) client: Option<Client>,
    /// Hosts that are named in the warning about plain http, if it is permitted.
    pub(super) insecure_hosts: Option<String>,
}

impl ValidIssuer {
    /// Starts to fetch the keys of the issuer, and logs the warnings about its configuration.
    pub(in crate::server) fn start(self, listener: Option<&Listener>) -> Option<TrustedIssuer> {
        #[cfg(feature = "__metadata")]
        let metadata = self
            .client
            .as_ref()
            .zip(self.metadata)
            .map(|(client, discovery)| MetadataSource::new(client.clone(), discovery));
        if let Some(hosts) = &self.insecure_hosts {
            telemetry::insecure_http(&self.identifier, hosts);
        }
        if self.introspection.as_ref().is_some_and(ValidIntrospection::is_for_client) {
            telemetry::introspection_audience(redacted(&self.identifier));
        }
        let client = self.client.clone();
        let introspection = self
            .introspection
            .zip(client)
            .map(|(introspection, client)| introspection.start(client));
        if let Some(introspector) = &introspection {
            introspector.find_endpoint(redacted(&self.identifier));
        }
        let keys = self.key_origin.start(
            &self.identifier,
            self.client,
            &self.algorithms,
            listener.cloned(),
        )?;
        warn_of_ambiguous_settings(&self.identifier, &self.rules);
        Some(TrustedIssuer {
            identifier: self.identifier,
            required: self.required,
            algorithms: self.algorithms,
            rules: Arc::new(self.rules),
            keys,
            introspection,
            insecure_http: self.insecure_hosts.is_some(),
            has_warned: AtomicBool::new(false),
            #[cfg(feature = "security_events")]
            logout_clients: self.logout_clients,
            #[cfg(feature = "security_events")]
            token_lifetime: self.token_lifetime,
            #[cfg(feature = "__metadata")]
            metadata,
        })
    }
}
