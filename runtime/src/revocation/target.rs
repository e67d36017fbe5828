//! Description of the tokens that the application revokes.

use std::fmt;
use std::time::SystemTime;

use super::timestamp::Timestamp;

/// Description of the tokens of one issuer that the application revokes: a single token, all tokens
/// of a session, or all tokens that were issued up to a given time. Tokens up to a given time can
/// be the tokens of one subject, of one client or of the whole issuer.
///
/// The issuer must be written exactly as in the `iss` claim. The issuer of API keys is `api-keys`.
/// API keys have no `iat`: a revocation up to a given time revokes them regardless of that time,
/// until the `until` of [`revoke`](super::Revocations::revoke) passes. Remove the keys before.
///
/// The `Debug` output does not contain names such as the subject.
#[derive(PartialEq, Eq)]
pub struct Revocation {
    pub(super) issuer: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Latest `iat` of the tokens that this revocation revokes. `None` for `Kind::Token` and
    /// `Kind::Session`, which revoke tokens regardless of `iat`.
    pub(super) latest: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Token,
    Session,
    Subject,
    Client,
    Issuer,
}

impl Kind {
    #[cfg(test)]
    pub(super) const ALL: [Self; 5] =
        [Self::Token, Self::Session, Self::Subject, Self::Client, Self::Issuer];

    /// Returns true if a revocation of this kind revokes tokens up to a latest `iat`.
    pub(super) const fn has_latest(self) -> bool {
        matches!(self, Self::Subject | Self::Client | Self::Issuer)
    }
}

impl Revocation {
    /// Creates a revocation of the token with this `jti`. The revocation does not revoke tokens
    /// without a `jti`.
    #[must_use]
    pub fn token(issuer: impl Into<String>, jti: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Token, jti.into(), None)
    }

    /// Creates a revocation of all tokens of the session with this `sid`. A logout token contains
    /// the `sid` (OpenID Connect Back-Channel Logout section 2.4).
    ///
    /// The revocation does not revoke tokens without `sid`. Some issuers, such as Keycloak, write
    /// `sid` into access tokens. For tokens of other issuers, revoke by [`subject`](Self::subject).
    /// The revocation also revokes each token whose `sid` is neither a string nor `null`.
    #[must_use]
    pub fn session(issuer: impl Into<String>, sid: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Session, sid.into(), None)
    }

    /// Creates a revocation of all tokens of the subject with this `sub` whose `iat` is at most
    /// `latest`. The revocation does not revoke tokens without `sub`.
    ///
    /// The issuer takes `iat` from its own clock, which may be a minute ahead of the server's
    /// clock. `iat` usually is in whole seconds, so the revocation also revokes a token that is
    /// issued after `latest` in the same second. The revocation also revokes each token of the
    /// subject without `iat`.
    #[must_use]
    pub fn subject(
        issuer: impl Into<String>,
        subject: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Subject, subject.into(), Some(latest))
    }

    /// Creates a revocation of all tokens that were issued to this OAuth client and whose `iat` is
    /// at most `latest`, for any subject. An application can use this revocation if, for example,
    /// the client is shut down or the secret of the client has leaked.
    ///
    /// The client of a token is [`AccessToken::client`](crate::AccessToken::client). The revocation
    /// does not revoke tokens without a client. `latest` is compared with `iat` as in
    /// [`subject`](Self::subject).
    #[must_use]
    pub fn client(
        issuer: impl Into<String>,
        client: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Client, client.into(), Some(latest))
    }

    /// Creates a revocation of all tokens of the issuer whose `iat` is at most `latest`. An
    /// application can use this revocation after a breach of the issuer, for example.
    ///
    /// `latest` is compared with `iat` as in [`subject`](Self::subject).
    #[must_use]
    pub fn issuer(issuer: impl Into<String>, latest: SystemTime) -> Self {
        Self::new(issuer.into(), Kind::Issuer, String::new(), Some(latest))
    }

    /// Returns the identifier of the issuer whose tokens are revoked.
    #[cfg(feature = "security_events")]
    pub(crate) fn of_issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the revocation without the tokens that are issued after `end`, the end of the
    /// revocation and the leeway. The list may keep the entry for longer than that.
    pub(super) fn of_tokens_before(mut self, end: Timestamp) -> Self {
        self.latest = self.latest.map(|latest| latest.min(end));
        self
    }

    fn new(issuer: String, kind: Kind, name: String, latest: Option<SystemTime>) -> Self {
        Self { issuer, kind, name, latest: latest.map(Timestamp::of) }
    }
}

impl fmt::Debug for Revocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Revocation")
            .field("issuer", &self.issuer)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
