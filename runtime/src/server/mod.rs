//! The resource server: its configuration, its trusted issuers, and the verification of tokens.

mod api_keys;
mod api_location;
mod authenticate;
mod build;
mod configuration;
mod explanation;
mod fingerprints;
mod has_resource_server;
mod health;
mod inner;
mod introspection;
mod issuer_failures;
mod metadata_cache;
#[cfg(any(feature = "__browser", feature = "security_events"))]
mod openid_token;
mod other_resource;
mod page_route;
mod possession;
#[cfg(feature = "__browser")]
pub(crate) mod provider;
mod raw_credential;
mod readiness;
mod ready;
mod reload_keys;
mod request_credential;
#[cfg(feature = "security_events")]
mod security_events;
mod settings;
#[cfg(test)]
mod simulation;
mod start;
mod tail_hash;
mod token_errors;
mod trusted_issuer;
mod until_invalid;
mod validation;
mod verification;
mod verified_credential;
mod verified_tokens;
mod while_valid;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub use self::api_keys::ApiKeyList;
#[cfg(feature = "security_events")]
#[cfg_attr(docsrs, doc(cfg(feature = "security_events")))]
pub use self::configuration::EventTransmitterConfiguration;
pub use self::configuration::{
    ApiKeyConfiguration, ApiKeysConfiguration, ClientCertificateHeaderConfiguration, Configuration,
    DpopConfiguration, IntrospectionConfiguration, IssuerConfiguration,
    RevocationFeedConfiguration,
};
pub use self::explanation::{ExplainedRule, Explanation, RuleOutcome, SignatureState};
pub use self::has_resource_server::HasResourceServer;
#[cfg(feature = "security_events")]
#[cfg_attr(docsrs, doc(cfg(feature = "security_events")))]
pub use self::health::{EventPollHealth, EventTransmitterHealth};
pub use self::health::{Health, IssuerHealth};
pub use self::raw_credential::RawCredential;
pub use self::ready::ReadyError;
pub use self::reload_keys::ReloadError;
pub use self::settings::{ClientCertificateHeader, Issuer, ResourceServerBuilder};
pub use self::while_valid::WhileValid;
pub use crate::keys::KeysChanged;
pub use crate::transport::{ClientCertificate, ClientCertificateFormat, TlsConnection};

pub(crate) use self::page_route::record_public_page;
pub(crate) use self::possession::{DpopDemand, Possession, needs_proof};
#[cfg(feature = "security_events")]
pub(crate) use self::security_events::{LogoutError, UNKNOWN_SENDER};
pub(crate) use self::verified_credential::VerifiedCredential;

use self::inner::{ErasedInner, Inner};
#[cfg(feature = "openapi")]
use self::trusted_issuer::TrustedIssuer;
use crate::audit::Audit;
#[cfg(feature = "router")]
use crate::credential::TokenLocation;
#[cfg(feature = "router")]
use crate::dpop::DpopJudge;
use crate::refusal::Refusals;
use crate::revocation::Revocations;

/// The resource server of RFC 6749 section 1.1, which validates access tokens.
///
/// Build one server and share it between all requests. A clone refers to the same server and is
/// cheap. The background tasks of a server end when its last clone is dropped.
///
/// ```
/// use axum_protected::ResourceServer;
///
/// let server = ResourceServer::builder()
///     .issuer("https://id.example.com/realms/acme")
///     .audience("https://api.example.com")
///     .build()?;
/// # Ok::<(), axum_protected::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct ResourceServer(Arc<dyn ErasedInner>);

impl ResourceServer {
    /// Returns a builder with default settings.
    #[must_use]
    pub fn builder() -> ResourceServerBuilder {
        ResourceServerBuilder::default()
    }

    /// Returns the list of revoked tokens. The application adds entries to this list.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.inner().revocations
    }

    pub(crate) fn refuses_undemanded_details(&self) -> bool {
        self.inner().refuse_undemanded_details
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.inner().clock.now()
    }

    /// Returns the trusted issuers, in arbitrary order.
    #[cfg(feature = "openapi")]
    pub(crate) fn issuers(&self) -> impl Iterator<Item = &TrustedIssuer> {
        self.inner().issuers.values().map(Arc::as_ref)
    }

    /// Returns the place in which requests present their token.
    #[cfg(feature = "router")]
    pub(crate) fn token_location(&self) -> &TokenLocation {
        &self.inner().token_location
    }

    /// Returns the judge of DPoP proofs. `None` if the server does not accept them.
    #[cfg(feature = "router")]
    pub(crate) fn dpop(&self) -> Option<&DpopJudge> {
        self.inner().dpop.as_deref()
    }

    /// Returns the name of the cookie that contains a token.
    #[cfg(feature = "openapi")]
    pub(crate) fn token_cookie(&self) -> Option<&str> {
        self.inner().ambient.token_cookie()
    }

    /// Returns the name of the cookie that names a session.
    #[cfg(feature = "openapi")]
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        self.inner().ambient.session_cookie()
    }

    /// Returns true if a trusted issuer has this name, or has this identifier and no name. API keys
    /// count as an issuer.
    #[cfg(feature = "router")]
    pub(crate) fn has_issuer(&self, issuer: &str) -> bool {
        if issuer == crate::api_key::ISSUER {
            return self.inner().api_keys.is_some();
        }
        self.inner().issuers.values().any(|trusted| {
            trusted.rules.issuer_name.as_deref().unwrap_or(&trusted.identifier) == issuer
        })
    }

    fn inner(&self) -> &Inner {
        self.0.inner()
    }

    /// Returns true if `self` and `other` are clones of the same server.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.inner(), other.inner())
    }

    /// Returns the application's recorder of decisions, if there is one.
    pub(crate) fn audit(&self) -> Option<&Audit> {
        self.inner().audit.as_ref()
    }

    /// Returns the `Refusals` of this server, which builds refusals.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.inner().refusals
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServer")
            .field("issuers", &self.inner().issuers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
