//! What can go wrong, for two readers: [`ConfigError`] for who starts the server, [`TokenError`]
//! for who reads its log. What the caller gets to see is decided in `refusal` alone.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::problems::Problems;

/// Everything that is wrong with a configuration, at once.
///
/// ```
/// use axum_protected::ResourceServer;
///
/// let error = ResourceServer::builder().build().unwrap_err();
/// assert_eq!(error.problems().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(Problems);

impl ConfigError {
    pub(crate) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        Problems::from(problems).into_result(Self)
    }

    /// Each problem, in the words of the configuration, with what to do about it.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the resource server cannot be built: {}", self.0)
    }
}

impl Error for ConfigError {}

/// Why a request was not authenticated.
///
/// Opaque on purpose: it says which rule failed by [`kind`](Self::kind), never with which value,
/// so that printing it cannot leak a token or a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError {
    kind: RefusalKind,
    retry_after: Option<Duration>,
}

impl TokenError {
    /// The rule that failed.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// When keys can next be expected; only with [`RefusalKind::KeysUnavailable`].
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn keys_unavailable(retry_after: Duration) -> Self {
        Self { kind: RefusalKind::KeysUnavailable, retry_after: Some(retry_after) }
    }
}

impl From<RefusalKind> for TokenError {
    fn from(kind: RefusalKind) -> Self {
        Self { kind, retry_after: None }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind.description())
    }
}

impl Error for TokenError {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal, $description:literal;)*) => {
        /// The rule that a request failed, with a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RefusalKind {
            $($(#[$doc])* $kind,)*
        }

        impl RefusalKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The stable code, as in the `code` member of the problem document.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }

            /// One sentence for people.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$kind => $description,)* }
            }
        }
    };
}

kinds! {
    /// The request carries no bearer token.
    MissingToken = "missing_token", "the request carries no access token";
    /// The `Authorization` header is no single bearer credential, or not the only one.
    InvalidRequest = "invalid_request", "the request does not carry one bearer credential";
    /// Not a JWS in compact form with strict base64url and strict JSON.
    MalformedToken = "malformed_token", "the access token is malformed";
    /// A JWE.
    EncryptedToken = "encrypted_token", "encrypted access tokens are not supported";
    /// `alg` is not in the issuer's allow-list.
    UnsupportedAlgorithm = "unsupported_algorithm", "the signature algorithm is not accepted";
    /// `crit`, or `b64`, demands what is not supported (RFC 7515 section 4.1.11).
    UnsupportedExtension = "unsupported_extension", "a critical header parameter is not supported";
    /// Another kind of JWT (RFC 8725 section 3.11).
    WrongType = "wrong_type", "the token is not an access token";
    /// `iss` is none of the configured issuers.
    UnknownIssuer = "unknown_issuer", "the issuer is not trusted";
    /// The issuer publishes no key with this `kid`.
    UnknownKey = "unknown_key", "the signing key is not known";
    /// The issuer's key does not go with the algorithm, or several do.
    UnsuitableKey = "unsuitable_key", "the signing key does not fit";
    /// The signature does not verify.
    InvalidSignature = "invalid_signature", "the signature is not valid";
    /// A registered claim has the wrong type or an impossible value.
    MalformedClaim = "malformed_claim", "a claim is malformed";
    /// A claim that must be there is not.
    MissingClaim = "missing_claim", "a required claim is missing";
    /// `exp` has passed.
    Expired = "expired_token", "the access token has expired";
    /// `nbf` or `iat` lies ahead.
    NotYetValid = "not_yet_valid", "the access token is not valid yet";
    /// `aud` names others only.
    WrongAudience = "wrong_audience", "the access token is meant for another audience";
    /// The application has revoked it; see [`Revocations`](crate::revocation::Revocations).
    Revoked = "revoked_token", "the access token has been revoked";
    /// `cnf` binds the token to a key, and no proof of it was asked for (RFC 9449 section 7.2).
    BoundToken = "bound_token", "the access token is bound to a key and no bearer token";
    /// The claims lack what the handler's own type demands.
    UnexpectedClaims = "unexpected_claims", "the claims are not those this operation needs";
    /// The handler asked for its claims as a type that no JSON object can become.
    ClaimsType = "claims_type", "the claims cannot be read";
    /// The token is good and does not satisfy the policy.
    InsufficientScope = "insufficient_scope", "the access token does not grant this operation";
    /// The user authenticated too weakly or too long ago (RFC 9470).
    InsufficientAuthentication = "insufficient_user_authentication", "a stronger or more recent authentication is needed";
    /// The application's own check said no.
    Denied = "denied", "the caller may not do this here";
    /// The issuer's keys are not to be had.
    KeysUnavailable = "keys_unavailable", "the keys to verify access tokens are not available";
}
