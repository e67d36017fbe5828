//! The identity of a JWT, and the rules that the JWT must satisfy on each request.

use std::sync::Arc;
use std::time::SystemTime;

use super::AccessToken;
use super::access_token::Identity;
use super::authorization_details::require_objects;
use super::origin::{Answered, JwtOrigin, Origin};
use crate::credential::Presentation;
use crate::error::Fault;
use crate::granted_scopes::Scopes;
use crate::json::{Document, Item};
use crate::token::{ClaimPositions, Profile, Registered, Rules, SignedBy};

/// Claims about the time at which an answer was made.
const TIMES: [&str; 4] = ["exp", "nbf", "iat", "expires_in"];

impl AccessToken {
    /// Creates the identity of a JWT from its claims. The caller has checked the signature of the
    /// JWT and its claims.
    pub(crate) fn of_jwt(
        claims: Document,
        positions: &ClaimPositions,
        registered: Registered,
        rules: &Arc<Rules>,
        signed_by: Option<SignedBy>,
    ) -> Result<Self, Fault> {
        Self::of_token(claims, positions, registered, rules, signed_by, None)
    }

    /// Creates the identity of a token from the issuer's answer about it. The caller has checked the
    /// claims, and the signature if the token is a JWT.
    pub(crate) fn of_answer(
        claims: Document,
        positions: &ClaimPositions,
        registered: Registered,
        rules: &Arc<Rules>,
        signed_by: Option<SignedBy>,
        answered: Answered,
    ) -> Result<Self, Fault> {
        let answered = Some(Box::new(answered));
        Self::of_token(claims, positions, registered, rules, signed_by, answered)
    }

    fn of_token(
        claims: Document,
        positions: &ClaimPositions,
        registered: Registered,
        rules: &Arc<Rules>,
        signed_by: Option<SignedBy>,
        answered: Option<Box<Answered>>,
    ) -> Result<Self, Fault> {
        let scopes = match rules.dialect.scopes(&claims) {
            Some(configured) => Scopes::read(&claims, configured),
            None => Scopes::read(&claims, positions.scopes()),
        }
        .ok_or(Fault::ScopesMalformed)?;
        require_objects(&claims, positions.authorization_details)?;
        let rules = Arc::clone(rules);
        let origin = Origin::Jwt(JwtOrigin { registered, rules, signed_by, answered });
        Ok(Self::new(Identity::new(claims, scopes, origin), Presentation::Text))
    }

    /// Returns the token that the identity comes from. Returns `None` if the credential was not a token
    /// of an issuer.
    pub(crate) fn jwt(&self) -> Option<Jwt<'_>> {
        match self.identity() {
            Identity { claims, origin: Origin::Jwt(origin), .. } => Some(Jwt { claims, origin }),
            _ => None,
        }
    }
}

/// A verified token of an issuer, which the issuer's rules can judge again. [`AccessToken::jwt`]
/// returns it.
#[derive(Clone, Copy)]
pub(crate) struct Jwt<'a> {
    claims: &'a Document,
    origin: &'a JwtOrigin,
}

impl<'a> Jwt<'a> {
    /// Returns the key that signed the token.
    pub(crate) fn signed_by(self) -> Option<&'a SignedBy> {
        self.origin.signed_by.as_ref()
    }

    /// Returns the issuer's answer about the token, if the server has asked.
    #[inline]
    pub(crate) fn answered(self) -> Option<&'a Answered> {
        self.origin.answered.as_deref()
    }

    /// Returns true if these same `rules` accepted the token when it was verified, so that calling
    /// `check_now` is sufficient.
    pub(crate) fn is_by(self, rules: &Arc<Rules>) -> bool {
        Arc::ptr_eq(&self.origin.rules, rules)
    }

    /// Checks the audience and the lifetime of the token. A token that passed these checks when it
    /// was cached may fail them later.
    pub(crate) fn check_now(self, rules: &Rules, now: SystemTime) -> Result<(), Fault> {
        rules.check_now(self.claims, &self.origin.registered, now)
    }

    /// Returns true if another identity has the same claims, except those that say when the token was
    /// issued and until when it is valid, which an issuer may renew with each answer. The order of
    /// scopes, roles and audiences has no meaning.
    pub(crate) fn has_same_claims(self, other: Jwt<'_>) -> bool {
        let is_same = |one: &Document, other: &Document| {
            one.root().members().filter(|(name, _)| !TIMES.contains(name)).all(|(name, value)| {
                other.root().get(name).is_some_and(|counterpart| match name {
                    "scope" => words(value) == words(counterpart),
                    _ => value.is_same(counterpart),
                })
            })
        };
        is_same(self.claims, other.claims) && is_same(other.claims, self.claims)
    }

    /// Checks the lifetime of a token whose audience was checked earlier in the same request.
    pub(crate) fn check_time(self, rules: &Rules, now: SystemTime) -> Result<(), Fault> {
        rules.check_time(&self.origin.registered, now)
    }

    /// Checks the token against all of `rules`. This function is called for a token that was
    /// verified with other rules. `typ` is the strictest profile that accepts its header.
    pub(crate) fn check(self, rules: &Rules, typ: Profile, now: SystemTime) -> Result<(), Fault> {
        let positions = ClaimPositions::of(self.claims);
        let registered = Registered::read(self.claims, &positions, &rules.dialect)?;
        rules.check(self.claims, &positions, &registered, typ, now).map(|_| ())
    }
}

/// Returns the words of a text in the order of the alphabet. `None` for another value.
fn words(value: Item<'_>) -> Option<Vec<&str>> {
    let mut words: Vec<_> = value.as_str()?.split(' ').collect();
    words.sort_unstable();
    Some(words)
}
