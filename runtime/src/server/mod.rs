//! The resource server: which issuers are trusted, and a request's token judged by them.

pub(crate) mod address;
mod build;
mod builder;
#[cfg(feature = "openapi")]
mod described;
mod environment;
mod health;
mod issuer;
mod ready;
mod reload;
#[cfg(test)]
mod simulation;
mod state;
mod trusted;
mod verdict;
mod verified_tokens;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum_core::response::Response;
use http::HeaderMap;
use tokio::time::Instant;

pub use self::builder::ResourceServerBuilder;
pub use self::health::{Health, IssuerHealth};
pub use self::issuer::Issuer;
pub use self::ready::NotReady;
pub use self::reload::NotReloaded;
pub use self::state::HasResourceServer;

use self::trusted::TrustedIssuer;
use self::verdict::{is_open, verdict};
use self::verified_tokens::{Verified, VerifiedTokens};
use crate::bearer::{self, NoToken};
use crate::clock::Clock;
use crate::error::{TokenError, TokenErrorKind};
use crate::keys::{KeySet, PATIENCE, Unavailable};
use crate::refusal::{Refusal, Texts};
use crate::telemetry::Lookup;
use crate::token::{AccessToken, Compact, Found, Header, Registered, string};

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
}

impl Whole for Inner {
    fn parts(&self) -> &Inner {
        self
    }
}

struct Inner {
    issuers: HashMap<String, Arc<TrustedIssuer>>,
    verified: VerifiedTokens,
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
    /// Extractors and the attribute call this; it is public for what is neither.
    ///
    /// # Errors
    ///
    /// Why there is none. Missing credentials are [`TokenErrorKind::MissingToken`].
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.look_up(headers).await.map(|(token, _)| token)
    }

    /// The same, and whether it was remembered.
    pub(crate) async fn look_up(
        &self,
        headers: &HeaderMap,
    ) -> Result<(AccessToken, Lookup), TokenError> {
        let kind = |reason| match reason {
            NoToken::Absent | NoToken::OtherScheme => TokenErrorKind::MissingToken,
            NoToken::Malformed => TokenErrorKind::InvalidRequest,
        };
        let credential = bearer::credential(headers).map_err(kind)?;
        if let Some(token) = self.verified_before(credential) {
            return Ok((token?, Lookup::Hit));
        }
        let text = bearer::token(credential).map_err(kind)?;
        Ok((self.verify_anew(text).await?, Lookup::Miss))
    }

    /// Verifies the text of an access token. Must be called in a tokio runtime where keys are
    /// fetched; elsewhere it knows no keys.
    ///
    /// # Errors
    ///
    /// The first rule that it fails. Everything that can be told without keys is judged before
    /// them, so that a token that is no good whatever the keys are is refused as such even while
    /// there are none, and causes no fetch.
    pub async fn verify(&self, text: &str) -> Result<AccessToken, TokenError> {
        if let Some(token) = self.verified_before(text.as_bytes()) {
            return Ok(token?);
        }
        self.verify_anew(text).await
    }

    /// The token of these headers, if it was verified before and is good now.
    pub(crate) fn remembered(&self, headers: &HeaderMap) -> Option<AccessToken> {
        let credential = bearer::credential(headers).ok()?;
        self.verified_before(credential)?.ok()
    }

    async fn verify_anew(&self, text: &str) -> Result<AccessToken, TokenError> {
        if text.len() > bearer::TOKEN_LIMIT {
            return Err(TokenErrorKind::MalformedToken.into());
        }
        let token = Compact::parse(text)?;
        let found = Found::of(&token.claims);
        let issuer = self.issuer_of(string(&token.claims, found.iss)?)?;
        let rules = &issuer.rules;
        let header = Header::read(token.header.root(), &issuer.algorithms, rules.profile)?;
        let registered = Registered::read(&token.claims, &found, rules.dialect)?;
        rules.check(&token.claims, &found, &registered, self.parts().clock.now())?;
        let set = issuer.verify_signature(&header, &token).await?;
        let token = AccessToken::new(token.claims, &found, registered, rules)?;
        let verified = Verified::new(token.clone(), issuer, &set);
        self.parts().verified.keep(text, verified);
        Ok(token)
    }

    /// What a signature that was verified before leaves to judge; nothing where the key set is
    /// another by now.
    fn verified_before(&self, text: &[u8]) -> Option<Result<AccessToken, TokenErrorKind>> {
        let Verified { token, .. } = self.parts().verified.get(text).filter(|known| {
            let held = known.issuer.keys.held();
            held.is_some_and(|set| known.is_by(&set))
        })?;
        Some(token.check_now(self.parts().clock.now()).map(|()| token))
    }

    /// The text of the token chooses among the configured issuers and nothing else.
    fn issuer_of(&self, named: Option<&str>) -> Result<&Arc<TrustedIssuer>, TokenErrorKind> {
        let named = named.ok_or(TokenErrorKind::MissingClaim)?;
        self.parts()
            .issuers
            .get(named)
            .ok_or(TokenErrorKind::UnknownIssuer)
    }

    /// Whether a second look at a token costs next to nothing.
    pub(crate) fn keeps_verified_tokens(&self) -> bool {
        self.parts().verified.keeps_any()
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

impl TrustedIssuer {
    /// The set whose key made the signature.
    async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<Arc<KeySet>, TokenError> {
        let known = |set: &KeySet| !is_open(verdict(set, header, token), header);
        if let Some(set) = self.keys.held() {
            let verdict = verdict(&set, header, token);
            if !is_open(verdict, header) {
                verdict?;
                return Ok(set);
            }
        }
        let deadline = Instant::now() + PATIENCE;
        let unavailable = |error: Unavailable| TokenError::keys_unavailable(error.retry_after);
        let set = self.keys.ask(known, deadline).await.map_err(unavailable)?;
        verdict(&set, header, token)?;
        Ok(set)
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
