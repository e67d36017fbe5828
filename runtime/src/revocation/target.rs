//! Tokens that a revocation concerns.

use std::fmt;
use std::time::SystemTime;

/// Tokens of one issuer that the application revokes: a single token, all tokens of a session, or
/// all tokens that were issued up to a given time. The tokens up to a given time are those of one
/// subject, of one client or of the whole issuer.
///
/// The issuer must be written exactly as in the `iss` claim. `Debug` does not show names such as
/// the subject.
pub struct Revocation {
    pub(super) issuer: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Latest `iat` of the revoked tokens. `None` for `Kind::Token` and `Kind::Session`, which
    /// revoke tokens regardless of `iat`.
    pub(super) latest: Option<SystemTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Token,
    Session,
    Subject,
    Client,
    Issuer,
}

impl Revocation {
    /// Creates a revocation of the token with this `jti`. A token without a `jti` is not revoked.
    #[must_use]
    pub fn token(issuer: impl Into<String>, jti: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Token, jti.into(), None)
    }

    /// Creates a revocation of all tokens of the session with this `sid`. A logout token contains
    /// the `sid` (OpenID Connect Back-Channel Logout section 2.4).
    ///
    /// A token without `sid` is not revoked. Some issuers, such as Keycloak, write `sid` into
    /// access tokens. For tokens of other issuers, revoke by [`subject`](Self::subject). A token
    /// whose `sid` is not a string is revoked too.
    #[must_use]
    pub fn session(issuer: impl Into<String>, sid: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Session, sid.into(), None)
    }

    /// Creates a revocation of all tokens of the subject with this `sub` whose `iat` is at most
    /// `latest`. A token without `sub` is not revoked.
    ///
    /// The issuer reads `iat` from its own clock, which may be a minute ahead of the server's
    /// clock. `iat` usually is in whole seconds, so a token that is issued after `latest` in the
    /// same second is revoked too. A token of the subject without `iat` is revoked too.
    #[must_use]
    pub fn subject(
        issuer: impl Into<String>,
        subject: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Subject, subject.into(), Some(latest))
    }

    /// Creates a revocation of all tokens of the OAuth client whose `iat` is at most `latest`, for
    /// any subject. An application can use it if, for example, the client is shut down or its
    /// secret has leaked.
    ///
    /// The client of a token is [`AccessToken::client`](crate::AccessToken::client). A token
    /// without a client is not revoked. `latest` is compared with `iat` as in
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
    /// application can use it after a breach of the issuer, for example.
    ///
    /// `latest` is compared with `iat` as in [`subject`](Self::subject).
    #[must_use]
    pub fn issuer(issuer: impl Into<String>, latest: SystemTime) -> Self {
        Self::new(issuer.into(), Kind::Issuer, String::new(), Some(latest))
    }

    fn new(issuer: String, kind: Kind, name: String, latest: Option<SystemTime>) -> Self {
        Self { issuer, kind, name, latest }
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
