//! The input of the evaluation of demands: the token, the time and the results of checks.

use std::time::{Duration, SystemTime};

use super::claim_value::ClaimValue;
use super::details_demand::DetailsDemand;
use crate::identity::AccessToken;
use crate::json::Item;

/// The longest time that the claim `auth_time` may lie in the future. The tolerance allows for a
/// difference between the clocks of the issuer and the server.
const AHEAD: Duration = Duration::from_secs(60);

/// The token and the time of a request.
pub(crate) struct Facts<'a> {
    pub(crate) token: &'a AccessToken,
    pub(crate) now: SystemTime,
}

/// The results of the checks of a policy that the guard has already called, by the number of the
/// check. A policy has at most eight checks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answers([Option<bool>; 8]);

impl Answers {
    /// Returns `Answers` in which every check has passed.
    pub(crate) fn yes() -> Self {
        Self([Some(true); 8])
    }

    pub(crate) fn note(&mut self, index: usize, answer: bool) {
        if let Some(place) = self.0.get_mut(index) {
            *place = Some(answer);
        }
    }

    /// Returns the result of the check with this number; `None` if the guard has not called the
    /// check. Returns `Some(false)` if the number is out of range.
    pub(super) fn of(self, index: usize) -> Option<bool> {
        self.0.get(index).copied().unwrap_or(Some(false))
    }
}

/// Assumptions about a request that the evaluation makes in addition to the [`Facts`].
#[derive(Clone, Copy)]
pub(crate) struct Supposition<'a> {
    /// The assumed result of every check that the guard has not called.
    pub(crate) checks: bool,
    /// The scopes that replace the scopes of the token in the evaluation; `None` if the evaluation
    /// uses the scopes of the token.
    pub(crate) scopes: Option<&'a [&'static str]>,
}

/// The reason why a token does not satisfy a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    /// The token would satisfy the requirement after a stronger or more recent authentication of
    /// the user (RFC 9470).
    Authentication,
    /// A token that is bound to a key in another way would satisfy the requirement, perhaps after a
    /// stronger or more recent authentication of the user.
    Proof,
    /// The token would not satisfy the requirement even if it were bound to another key, and after
    /// another authentication of the user.
    Authorization,
}

impl Facts<'_> {
    /// Returns true if the claim at this path equals this value or is an array that contains this
    /// value.
    pub(super) fn has_claim(&self, path: &[&str], value: ClaimValue) -> bool {
        self.token.claims().member(path).is_some_and(|claim| value.is_in(claim))
    }

    /// Returns true if the claim `acr` is this string. A token has a single `acr` (RFC 9068 section
    /// 2.2.1).
    pub(super) fn has_acr(&self, acr: &str) -> bool {
        self.token.claims().get("acr").and_then(Item::as_str) == Some(acr)
    }

    /// Returns true if one object of the claim `authorization_details` that is for this API has the
    /// demanded type and all demanded values. Values of several objects are not combined (RFC 9396
    /// section 3).
    pub(super) fn has_details(&self, demand: &DetailsDemand) -> bool {
        self.token.own_details(demand.kind()).any(|object| demand.is_satisfied_by(object))
    }

    /// Returns true if the user authenticated at most this many seconds ago. Counts from the claim
    /// `auth_time`, not from `iat`: a refreshed token has a new `iat` but the same `auth_time` (RFC
    /// 9068 section 2.2.1). Returns false if `auth_time` is missing, is not a number, or is more
    /// than [`AHEAD`] in the future.
    pub(super) fn is_authenticated_within(&self, seconds: u64) -> bool {
        let Some(Item::Number(authenticated)) = self.token.claims().get("auth_time") else {
            return false;
        };
        Duration::try_from_secs_f64(authenticated.as_f64())
            .ok()
            .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since))
            .is_some_and(|time| match self.now.duration_since(time) {
                Ok(age) => age <= Duration::from_secs(seconds),
                Err(ahead) => ahead.duration() <= AHEAD,
            })
    }
}
