//! The content of a server.

use std::collections::HashMap;
use std::sync::Arc;

use super::Configuration;
use super::api_keys::ServerKeys;
use super::api_location::ApiLocation;
#[cfg(feature = "security_events")]
use super::security_events::{EventPoll, SecurityEvents};
use super::trusted_issuer::TrustedIssuer;
use super::verified_tokens::VerifiedTokens;
use crate::audit::Audit;
use crate::clock::Clock;
use crate::credential::{AmbientCredentials, TokenLocation};
use crate::dpop::DpopJudge;
use crate::refusal::Refusals;
use crate::revocation::Revocations;
use crate::transport::{CertificateSource, SecureTransport};

/// The type-erased access to `Inner`. With this type erasure, rustc does not have to prove `Send +
/// Sync` through the HTTP client for every handler whose state holds a server. The type erasure
/// halves the compile time of these handlers.
pub(super) trait ErasedInner: Send + Sync {
    fn inner(&self) -> &Inner;

    #[cfg(test)]
    fn inner_mut(&mut self) -> &mut Inner;
}

impl ErasedInner for Inner {
    fn inner(&self) -> &Inner {
        self
    }

    #[cfg(test)]
    fn inner_mut(&mut self) -> &mut Self {
        self
    }
}

/// The content of a server. A clone shares keys, tokens and revocations, and serves as the start of
/// a server for another resource.
#[derive(Clone)]
pub(super) struct Inner {
    pub(super) configuration: Configuration,
    pub(super) issuers: HashMap<String, Arc<TrustedIssuer>>,
    /// The only issuer that gives opaque tokens, if one does.
    pub(super) opaque_issuer: Option<Arc<TrustedIssuer>>,
    pub(super) verified: Arc<VerifiedTokens>,
    pub(super) revocations: Revocations,
    pub(super) token_location: TokenLocation,
    pub(super) websocket_protocol_token: bool,
    /// True if guards refuse tokens with authorization details that no policy demands.
    pub(super) refuse_undemanded_details: bool,
    pub(super) ambient: AmbientCredentials,
    /// The judge of DPoP proofs. `None` if the server does not accept them.
    pub(super) dpop: Option<Arc<DpopJudge>>,
    /// The origins of the client certificates to which tokens are bound.
    pub(super) certificates: Arc<CertificateSource>,
    /// The API keys. `None` if the server was built without them.
    pub(super) api_keys: Option<Arc<ServerKeys>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) refusals: Arc<Refusals>,
    #[cfg(feature = "security_events")]
    pub(super) security_events: Arc<SecurityEvents>,
    pub(super) location: ApiLocation,
    /// The rule of `require_https`. `None` if it is not set.
    pub(super) secure_transport: Option<Arc<SecureTransport>>,
    pub(super) audit: Option<Audit>,
    /// The tasks that poll the transmitters of security events.
    #[cfg(feature = "security_events")]
    pub(super) event_polls: Arc<[EventPoll]>,
}
