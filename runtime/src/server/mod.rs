//! The resource server: which issuers are trusted, and a request's token judged by them.

pub(crate) mod address;
mod build;
mod builder;
#[cfg(feature = "openapi")]
mod described;
mod environment;
mod issuer;
mod lifetime;
mod ready;
mod request;
mod state;
mod trusted;
mod verdict;
mod verified_tokens;
mod while_valid;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum_core::response::Response;
use http::HeaderMap;
use tokio::time::Instant;

pub use self::builder::ResourceServerBuilder;
pub use self::issuer::Issuer;
pub use self::ready::NotReady;
pub use self::state::HasResourceServer;
pub use self::while_valid::WhileValid;

use self::trusted::TrustedIssuer;
use self::verdict::{is_open, verdict};
use self::verified_tokens::{Verified, VerifiedTokens};
use crate::bearer;
use crate::clock::Clock;
use crate::error::{TokenError, TokenErrorKind};
use crate::keys::{KeySet, PATIENCE, Unavailable};
use crate::refusal::{Refusal, Texts};
use crate::revocation::Revocations;
use crate::token::{AccessToken, Compact, Header, Registered, SignedBy};

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
pub struct ResourceServer(Arc<Inner>);

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
    /// Why there is none. Missing credentials are [`TokenErrorKind::MissingToken`].
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<AccessToken, TokenError> {
        self.verify_credential(bearer::credential(headers)).await
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

    async fn verify_anew(&self, text: &str) -> Result<AccessToken, TokenError> {
        if text.len() > bearer::TOKEN_LIMIT {
            return Err(TokenErrorKind::MalformedToken.into());
        }
        let token = Compact::parse(text)?;
        let issuer = self.issuer_of(&token)?;
        let rules = &issuer.rules;
        let header = Header::read(&token.header, &issuer.algorithms, rules.profile)?;
        let registered = Registered::read(&token.claims, rules.dialect)?;
        rules.check(&token.claims, &registered, self.0.clock.now())?;
        let (set, signed_by) = issuer.verify_signature(&header, &token).await?;
        let token = AccessToken::new(token.claims, registered, rules, Some(signed_by))?;
        self.judge_revocation(&token)?;
        let verified = Verified::new(token.clone(), issuer, &set);
        self.0.verified.keep(text, verified);
        Ok(token)
    }

    /// What a signature that was verified before leaves to judge; nothing where the key set is
    /// another by now.
    fn verified_before(&self, text: &[u8]) -> Option<Result<AccessToken, TokenErrorKind>> {
        let Verified { token, issuer, .. } = self.0.verified.get(text).filter(|known| {
            let held = known.issuer.keys.held();
            held.is_some_and(|set| known.is_by(&set))
        })?;
        let judged = self.judge(&issuer, &token, self.0.clock.now());
        Some(judged.map(|()| token))
    }

    /// What must hold on every request, also of a token that was verified before.
    fn judge(
        &self,
        issuer: &TrustedIssuer,
        token: &AccessToken,
        now: SystemTime,
    ) -> Result<(), TokenErrorKind> {
        issuer.rules.check_now(token.registered(), now)?;
        self.judge_revocation(token)
    }

    fn judge_revocation(&self, token: &AccessToken) -> Result<(), TokenErrorKind> {
        if self.0.revocations.concern(token) {
            return Err(TokenErrorKind::Revoked);
        }
        Ok(())
    }

    /// The text of the token chooses among the configured issuers and nothing else.
    fn issuer_of(&self, token: &Compact<'_>) -> Result<&Arc<TrustedIssuer>, TokenErrorKind> {
        let named = crate::token::string(&token.claims, "iss")?;
        let named = named.ok_or(TokenErrorKind::MissingClaim)?;
        self.0
            .issuers
            .get(named)
            .ok_or(TokenErrorKind::UnknownIssuer)
    }

    /// What the application has revoked.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.0.revocations
    }

    /// Whether a second look at a token costs next to nothing.
    pub(crate) fn keeps_verified_tokens(&self) -> bool {
        self.0.verified.keeps_any()
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.0.clock.now()
    }

    /// Whether one of the issuers has this name or identifier.
    #[cfg(feature = "router")]
    pub(crate) fn has_issuer(&self, issuer: &str) -> bool {
        let named = |known: &Arc<TrustedIssuer>| known.rules.issuer_name.as_deref() == Some(issuer);
        self.0.issuers.contains_key(issuer) || self.0.issuers.values().any(named)
    }

    /// Whether both are the same server, not merely equal ones.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn realm(&self) -> &str {
        &self.0.realm
    }

    pub(crate) fn resource_metadata(&self) -> Option<&str> {
        self.0.resource_metadata.as_deref()
    }

    pub(crate) fn refusals(&self) -> &Texts {
        &self.0.refusals
    }

    pub(crate) fn refusal_body(&self) -> Option<&RefusalBody> {
        self.0.refusal_body.as_ref()
    }
}

impl TrustedIssuer {
    /// The set whose key made the signature, and the key.
    async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(Arc<KeySet>, SignedBy), TokenError> {
        let known = |set: &KeySet| !is_open(verdict(set, header, token), header);
        if let Some(set) = self.keys.held() {
            let verdict = verdict(&set, header, token);
            if !is_open(verdict, header) {
                let signed_by = verdict?.signed(header.kid);
                return Ok((set, signed_by));
            }
        }
        let deadline = Instant::now() + PATIENCE;
        let unavailable = |error: Unavailable| TokenError::keys_unavailable(error.retry_after);
        let set = self.keys.ask(known, deadline).await.map_err(unavailable)?;
        let signed_by = verdict(&set, header, token)?.signed(header.kid);
        Ok((set, signed_by))
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServer")
            .field("issuers", &self.0.issuers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
