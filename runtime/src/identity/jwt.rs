//! The rules that a verified JWT must satisfy on each request.

use std::sync::Arc;
use std::time::SystemTime;

use super::origin::JwtOrigin;
use crate::error::Fault;
use crate::json::Document;
use crate::token::{ClaimPositions, Profile, Registered, Rules, SignedBy};

/// A verified JWT, which its issuer's rules can judge again.
/// [`AccessToken::jwt`](super::AccessToken::jwt) returns it.
#[derive(Clone, Copy)]
pub(crate) struct Jwt<'a> {
    pub(super) claims: &'a Document,
    pub(super) origin: &'a JwtOrigin,
}

impl<'a> Jwt<'a> {
    /// Returns the key that signed the token.
    pub(crate) fn signed_by(self) -> Option<&'a SignedBy> {
        self.origin.signed_by.as_ref()
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
