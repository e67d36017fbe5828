//! The credential that an identity comes from, with the facts that its verifier needs to judge the
//! identity again.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use super::api_key_origin::{ApiKeyOrigin, DIALECT};
use crate::json::Document;
use crate::possession::Binding;
use crate::token::{Dialect, Registered, Rules, SignedBy};

/// The credential that an identity comes from.
pub(super) enum Origin {
    Jwt(JwtOrigin),
    ApiKey(ApiKeyOrigin),
}

/// The facts about a verified token of an issuer.
pub(super) struct JwtOrigin {
    pub(super) registered: Registered,
    pub(super) rules: Arc<Rules>,
    /// Key that signed the token. `None` for an opaque token, and for a token that a test created
    /// without a signature. No key set confirms a token without this key.
    pub(super) signed_by: Option<SignedBy>,
    /// The issuer's answer about the token. `None` if the server has not asked. Boxed, because most
    /// servers ask about no token.
    pub(super) answered: Option<Box<Answered>>,
}

/// An answer of the issuer that a token is active.
pub(crate) struct Answered {
    /// The text of the token, with which a stream asks again.
    pub(crate) text: Box<str>,
    /// The end of the period for which the answer may be used.
    pub(crate) until: Instant,
    /// The end of the token, after which the answer is never used. There is no leeway.
    pub(crate) end: Option<SystemTime>,
}

impl Origin {
    /// Returns the names of the claims in which the identity has its client, roles and tenant.
    pub(super) fn dialect(&self) -> &Dialect {
        match self {
            Self::Jwt(jwt) => &jwt.rules.dialect,
            Self::ApiKey(_) => &DIALECT,
        }
    }

    /// Returns the configured name of the issuer, by which policies refer to the issuer. API keys
    /// have an issuer without a configured name.
    pub(super) fn issuer_name(&self) -> Option<&str> {
        match self {
            Self::Jwt(jwt) => jwt.rules.issuer_name.as_deref(),
            Self::ApiKey(_) => None,
        }
    }

    /// Returns the audiences of this API that the credential names. An API key names none.
    pub(super) fn audiences<'a>(
        &'a self,
        claims: &'a Document,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let jwt = match self {
            Self::Jwt(jwt) => Some(jwt),
            Self::ApiKey(_) => None,
        };
        jwt.into_iter().flat_map(|jwt| jwt.rules.audiences_of(claims, &jwt.registered))
    }

    /// Returns true if a location in authorization details is this API. An API key has no
    /// authorization details.
    pub(super) fn is_own_location(&self, location: &str) -> bool {
        match self {
            Self::Jwt(jwt) => jwt.rules.is_own_location(location),
            Self::ApiKey(_) => false,
        }
    }

    /// Returns the time at which the credential expires, if it does.
    pub(super) fn expires_at(&self) -> Option<SystemTime> {
        match self {
            Self::Jwt(jwt) => jwt.registered.expires_at,
            Self::ApiKey(key) => key.expires_at,
        }
    }

    /// Returns the time at which the credential was issued, if it is known.
    pub(super) fn issued_at(&self) -> Option<SystemTime> {
        match self {
            Self::Jwt(jwt) => jwt.registered.issued_at,
            Self::ApiKey(_) => None,
        }
    }

    /// Returns the keys to which the token is bound. An API key is not bound.
    pub(super) fn binding(&self) -> Option<&Binding> {
        match self {
            Self::Jwt(jwt) => jwt.registered.binding.as_deref(),
            Self::ApiKey(_) => None,
        }
    }

    /// Returns the size of the texts that this value owns, in bytes.
    pub(super) fn text_size(&self) -> usize {
        match self {
            Self::Jwt(jwt) => {
                let kid = jwt.signed_by.as_ref().and_then(|key| key.kid.as_deref());
                let answered = jwt.answered.as_ref().map_or(0, |answered| {
                    answered.text.len().saturating_add(size_of::<Answered>())
                });
                kid.map_or(0, str::len).saturating_add(answered)
            }
            Self::ApiKey(key) => key.name.as_deref().map_or(0, str::len),
        }
    }
}
