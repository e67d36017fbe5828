//! The credential that an identity comes from, with the facts that its verifier needs to judge the
//! identity again.

use std::sync::Arc;
use std::time::SystemTime;

use crate::json::Document;
use crate::token::{Dialect, Registered, Rules, SignedBy};

/// The credential that an identity comes from.
pub(super) enum Origin {
    Jwt(JwtOrigin),
}

/// The facts about a verified JWT.
pub(super) struct JwtOrigin {
    pub(super) registered: Registered,
    pub(super) rules: Arc<Rules>,
    /// Key that signed the token. `None` for a token that was created without a signature. No key
    /// set confirms a token without this key.
    pub(super) signed_by: Option<SignedBy>,
}

impl Origin {
    /// Returns the names of the claims in which the identity has its client, roles and tenant.
    pub(super) fn dialect(&self) -> &Dialect {
        let Self::Jwt(jwt) = self;
        &jwt.rules.dialect
    }

    /// Returns the configured name of the issuer, by which policies refer to the issuer.
    pub(super) fn issuer_name(&self) -> Option<&str> {
        let Self::Jwt(jwt) = self;
        jwt.rules.issuer_name.as_deref()
    }

    /// Returns the audiences of this API that the credential names.
    pub(super) fn audiences<'a>(
        &'a self,
        claims: &'a Document,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let Self::Jwt(jwt) = self;
        jwt.rules.audiences_of(claims, &jwt.registered)
    }

    /// Returns the time at which the credential expires, if it does.
    pub(super) fn expires_at(&self) -> Option<SystemTime> {
        let Self::Jwt(jwt) = self;
        Some(jwt.registered.expires_at)
    }

    /// Returns the time at which the credential was issued, if it is known.
    pub(super) fn issued_at(&self) -> Option<SystemTime> {
        let Self::Jwt(jwt) = self;
        jwt.registered.issued_at
    }

    /// Returns the size of the texts that this value owns, in bytes.
    pub(super) fn text_size(&self) -> usize {
        let Self::Jwt(jwt) = self;
        let kid = jwt.signed_by.as_ref().and_then(|key| key.kid.as_deref());
        kid.map_or(0, str::len)
    }
}
