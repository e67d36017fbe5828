//! The backend of an application for browsers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_protected::__browser::Provider;
use axum_protected::ResourceServer;

use crate::addresses::Addresses;
use crate::client::Client;
use crate::refresh::Refresher;
use crate::seal::SealingKeys;
use crate::sessions::Sessions;
use crate::settings::BrowserBackendBuilder;
use crate::sign_in::UsedStates;
use crate::token_endpoint::TokenEndpoint;
use crate::token_revocation::TokenRevocation;

/// Signs in the users of an application at an OpenID provider, and keeps their tokens on the server.
///
/// A clone is cheap and shares the sessions.
#[derive(Clone)]
pub struct BrowserBackend(Arc<Inner>);

/// The parts of a backend, which its routes and its layer share.
pub(crate) struct Inner {
    pub(crate) server: ResourceServer,
    pub(crate) provider: Provider,
    pub(crate) client: Client,
    pub(crate) token_endpoint: TokenEndpoint,
    pub(crate) addresses: Addresses,
    /// The `scope` of an authorization request.
    pub(crate) scope: String,
    /// The further parameters of an authorization request.
    pub(crate) authorization_parameters: Vec<(String, String)>,
    /// The longest duration of a session.
    pub(crate) session_limit: Duration,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) refresher: Refresher,
    pub(crate) token_revocation: TokenRevocation,
    /// The keys of the cookies of sign-ins.
    pub(crate) login_keys: Arc<SealingKeys>,
    pub(crate) used_states: UsedStates,
}

impl BrowserBackend {
    /// Returns a builder of a backend in front of this server.
    pub fn builder(server: &ResourceServer) -> BrowserBackendBuilder {
        BrowserBackendBuilder::new(server)
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for BrowserBackend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BrowserBackend")
            .field("redirect_uri", &self.0.addresses.redirect_uri.as_str())
            .finish_non_exhaustive()
    }
}
