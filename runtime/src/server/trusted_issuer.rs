//! The runtime state of a trusted issuer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "security_events")]
use std::time::Duration;

use super::introspection::Introspector;
use crate::algorithm::Algorithm;
use crate::introspection::Mode;
use crate::keys::Keys;
#[cfg(feature = "__metadata")]
use crate::keys::MetadataSource;
use crate::telemetry;
use crate::token::Rules;

/// A trusted issuer, together with the rules for its tokens and its keys.
#[derive(Debug)]
pub(crate) struct TrustedIssuer {
    pub(crate) identifier: String,
    /// True if the server is not ready without keys of this issuer.
    pub(super) required: bool,
    pub(super) algorithms: Vec<Algorithm>,
    pub(crate) rules: Arc<Rules>,
    /// The keys. An issuer about whose tokens the server only asks has an empty key set.
    pub(super) keys: Keys,
    /// The questions about tokens. `None` if the server does not ask this issuer.
    pub(super) introspection: Option<Introspector>,
    /// True if the keys may come over plain http.
    pub(super) insecure_http: bool,
    /// True after the warning about a token that may be an ID token.
    pub(super) has_warned: AtomicBool,
    /// The clients of the issuer whose logouts concern this API.
    #[cfg(feature = "security_events")]
    pub(super) logout_clients: Vec<String>,
    /// The longest lifetime of the access tokens.
    #[cfg(feature = "security_events")]
    pub(super) token_lifetime: Duration,
    /// The issuer's metadata with its endpoints for clients.
    #[cfg(feature = "__metadata")]
    pub(crate) metadata: Option<MetadataSource>,
}

impl TrustedIssuer {
    /// Returns true if the server asks this issuer about JWTs whose signature is valid.
    pub(super) fn is_asked_about_jwts(&self) -> bool {
        self.introspection.as_ref().is_some_and(|introspector| introspector.mode() == Mode::Always)
    }

    /// Returns true if the issuer gives opaque tokens.
    pub(super) fn has_opaque_tokens(&self) -> bool {
        self.introspection.as_ref().is_some_and(|introspector| introspector.mode() != Mode::Always)
    }

    /// Returns false if the server needs no keys of this issuer, and fetches none.
    #[cfg(feature = "__browser")]
    pub(super) fn has_keys(&self) -> bool {
        self.introspection.as_ref().is_none_or(Introspector::needs_keys)
    }

    /// Returns the algorithms with which only the issuer can sign.
    pub(super) fn asymmetric_algorithms(&self) -> Vec<Algorithm> {
        self.algorithms.iter().copied().filter(|algorithm| !algorithm.is_symmetric()).collect()
    }

    /// Warns that an accepted token of this issuer may be an ID token, once for each issuer.
    #[cold]
    pub(super) fn warn_of_ambiguous_token(&self) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            telemetry::ambiguous_token(&self.identifier);
        }
    }
}
