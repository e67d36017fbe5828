//! Tokens that a revocation concerns.

use std::fmt;
use std::time::SystemTime;

/// Tokens of one issuer to revoke: a single token, those of a session, or those issued up to a time
/// for a subject, for a client or for all.
///
/// The issuer is written exactly as in `iss`. `Debug` hides names such as the subject.
pub struct Revocation {
    pub(super) issuer: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Latest `iat` of the revoked tokens, for kinds that concern several tokens.
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
    /// The token with this `jti`. A token without a `jti` is not concerned.
    #[must_use]
    pub fn token(issuer: impl Into<String>, jti: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Token, jti.into(), None)
    }

    /// All tokens of the session with this `sid`, as a back-channel logout names it (OpenID Connect
    /// Back-Channel Logout section 2.4).
    ///
    /// A token without `sid` is not concerned. Some issuers, such as Keycloak, write `sid` into access
    /// tokens; for the others revoke by [`subject`](Self::subject). A token whose `sid` is not a
    /// string is revoked too.
    #[must_use]
    pub fn session(issuer: impl Into<String>, sid: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Session, sid.into(), None)
    }

    /// All tokens of the subject with this `sub` whose `iat` is at most `latest`. A token without
    /// `sub` is not concerned.
    ///
    /// `iat` is a time of the issuer's clock, which may be a minute ahead, and usually has whole
    /// seconds: a token issued later in the same second is revoked too. So is a token without `iat`.
    #[must_use]
    pub fn subject(
        issuer: impl Into<String>,
        subject: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Subject, subject.into(), Some(latest))
    }

    /// All tokens of the OAuth client whose `iat` is at most `latest`, for any subject. For example,
    /// if the client is shut down or its secret has leaked.
    ///
    /// The client of a token is [`AccessToken::client`](crate::AccessToken::client). A token without
    /// a client is not concerned. The time is compared as in [`subject`](Self::subject).
    #[must_use]
    pub fn client(
        issuer: impl Into<String>,
        client: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Client, client.into(), Some(latest))
    }

    /// All tokens of the issuer whose `iat` is at most `latest`. For example, after a breach.
    ///
    /// The time is compared as in [`subject`](Self::subject).
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
