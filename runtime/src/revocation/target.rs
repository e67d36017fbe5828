//! The tokens that one revocation concerns.

use std::fmt;
use std::time::SystemTime;

/// The tokens that are revoked, always of one issuer: one of them, those of a session, or those
/// that a subject, a client or everybody was issued until a time.
///
/// The issuer is written as its tokens write it in `iss`. `Debug` shows no name.
pub struct Revocation {
    pub(super) issuer: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// The latest `iat` that it concerns, for kinds that concern several tokens.
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
    /// The token with this `jti`. One without a `jti` cannot be meant by it.
    #[must_use]
    pub fn token(issuer: impl Into<String>, jti: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Token, jti.into(), None)
    }

    /// All tokens of the session with this `sid`, as a back-channel logout names it (OpenID Connect
    /// Back-Channel Logout section 2.4).
    ///
    /// Only for issuers that write `sid` into access tokens too, as Keycloak does: a token without
    /// it is of no session, so for others revoke by [`subject`](Self::subject). A `sid` that is no
    /// string might be this one, and counts as it.
    #[must_use]
    pub fn session(issuer: impl Into<String>, sid: impl Into<String>) -> Self {
        Self::new(issuer.into(), Kind::Session, sid.into(), None)
    }

    /// All tokens of the subject with this `sub` that were issued then or earlier, by their `iat`
    /// and so by the clock of the issuer, which may be a minute ahead of this one. A token without
    /// `iat` may have been, and counts as it.
    ///
    /// An `iat` has whole seconds: what was issued in the same second counts as earlier. One
    /// without a `sub` is of no subject.
    #[must_use]
    pub fn subject(
        issuer: impl Into<String>,
        subject: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Subject, subject.into(), Some(latest))
    }

    /// All tokens that were issued to the OAuth client then or earlier, whoever the subject is: for a
    /// client that is shut down, or whose secret is known. The client of a token is
    /// [`AccessToken::client`](crate::AccessToken::client); one without is of no client.
    ///
    /// The time is compared as by [`subject`](Self::subject).
    #[must_use]
    pub fn client(
        issuer: impl Into<String>,
        client: impl Into<String>,
        latest: SystemTime,
    ) -> Self {
        Self::new(issuer.into(), Kind::Client, client.into(), Some(latest))
    }

    /// All tokens that the issuer issued then or earlier: for a breach.
    ///
    /// The time is compared as by [`subject`](Self::subject).
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
