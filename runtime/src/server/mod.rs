//! The resource server: which issuers are trusted, and a request's token judged by them.

pub(crate) mod address;
mod build;
mod builder;
#[cfg(feature = "openapi")]
mod described;
mod environment;
mod fingerprints;
mod health;
mod issuer;
mod lifetime;
mod ready;
mod reload;
mod request;
#[cfg(test)]
mod simulation;
mod state;
mod trusted;
mod verdict;
mod verification;
mod verified_tokens;
mod while_valid;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum_core::response::Response;
use http::HeaderMap;

pub use self::builder::ResourceServerBuilder;
pub use self::health::{Health, IssuerHealth};
pub use self::issuer::Issuer;
pub use self::ready::NotReady;
pub use self::reload::NotReloaded;
pub use self::state::HasResourceServer;
pub use self::while_valid::WhileValid;

pub(crate) use self::verified_tokens::Verified;

use self::trusted::TrustedIssuer;
use self::verified_tokens::VerifiedTokens;
use crate::bearer;
use crate::clock::Clock;
use crate::error::TokenError;
use crate::refusal::{Refusal, Texts};
use crate::revocation::Revocations;
use crate::token::AccessToken;

/// Validates access tokens: the resource server of RFC 6749 section 1.1.
///
/// Built once, cheap to clone, shared by all requests. What it does in the background ends with the
/// last clone.
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
pub struct ResourceServer(Arc<dyn Whole>);

/// Erased: else the compiler would look through all that a server is made of, down to the HTTP client,
/// for each handler of a state that holds one. It makes their compilation take half the time.
trait Whole: Send + Sync {
    fn parts(&self) -> &Inner;

    #[cfg(test)]
    fn parts_mut(&mut self) -> &mut Inner;
}

impl Whole for Inner {
    fn parts(&self) -> &Inner {
        self
    }

    #[cfg(test)]
    fn parts_mut(&mut self) -> &mut Self {
        self
    }
}

struct Inner {
    issuers: HashMap<String, Arc<TrustedIssuer>>,
    verified: VerifiedTokens,
    revocations: Revocations,
    websocket_protocol_token: bool,
    clock: Arc<dyn Clock>,
    realm: String,
    resource_metadata: Option<String>,
    refusal_body: Option<RefusalBody>,
    refusals: Texts,
}

/// The user's own body for refusals.
#[derive(Clone)]
pub(crate) struct RefusalBody(pub(crate) Arc<dyn Fn(&Refusal) -> Response + Send + Sync>);

impl ResourceServer {
    /// Starts the description of a server.
    #[must_use]
    pub fn builder() -> ResourceServerBuilder {
        ResourceServerBuilder::default()
    }

    /// The verified token of a request with these headers.
    ///
    /// Extractors and the attribute do this; it is public for what is neither. Headers alone do not
    /// tell a websocket, so only `Authorization` is looked at.
    ///
    /// # Errors
    ///
    /// Why there is none. Missing credentials are [`MissingToken`](crate::TokenErrorKind::MissingToken).
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.verify_credential(bearer::credential(headers)).await
    }

    /// What the application has revoked.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.parts().revocations
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.parts().clock.now()
    }

    /// Whether one of the issuers has this name or identifier.
    #[cfg(feature = "router")]
    pub(crate) fn has_issuer(&self, issuer: &str) -> bool {
        let named = |known: &Arc<TrustedIssuer>| known.rules.issuer_name.as_deref() == Some(issuer);
        self.parts().issuers.contains_key(issuer) || self.parts().issuers.values().any(named)
    }

    fn parts(&self) -> &Inner {
        self.0.parts()
    }

    /// Whether both are the same server, not merely equal ones.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.parts(), other.parts())
    }

    pub(crate) fn realm(&self) -> &str {
        &self.parts().realm
    }

    pub(crate) fn resource_metadata(&self) -> Option<&str> {
        self.parts().resource_metadata.as_deref()
    }

    pub(crate) fn refusals(&self) -> &Texts {
        &self.parts().refusals
    }

    pub(crate) fn refusal_body(&self) -> Option<&RefusalBody> {
        self.parts().refusal_body.as_ref()
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServer")
            .field("issuers", &self.parts().issuers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
