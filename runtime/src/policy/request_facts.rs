//! The facts from which demands are evaluated.

use std::time::{Duration, SystemTime};

use super::claim_value::ClaimValue;
use crate::json::Item;
use crate::token::AccessToken;

/// The longest time that an `auth_time` may lie in the future and still count as now: clocks differ.
const AHEAD: Duration = Duration::from_secs(60);

/// The facts of a request.
pub(crate) struct Facts<'a> {
    pub(crate) token: &'a AccessToken,
    pub(crate) now: SystemTime,
}

/// The answers of a policy's checks so far, by number. A policy has at most eight checks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answers([Option<bool>; 8]);

impl Answers {
    /// Every check passed.
    pub(crate) fn yes() -> Self {
        Self([Some(true); 8])
    }

    pub(crate) fn note(&mut self, index: usize, answer: bool) {
        if let Some(place) = self.0.get_mut(index) {
            *place = Some(answer);
        }
    }

    /// The answer of this check. A number beyond the eighth counts as a failed check.
    pub(super) fn of(self, index: usize) -> Option<bool> {
        self.0.get(index).copied().unwrap_or(Some(false))
    }
}

/// Assumptions in addition to the facts.
#[derive(Clone, Copy)]
pub(crate) struct Supposition<'a> {
    /// The answer of every check that has not run.
    pub(crate) checks: bool,
    /// The scopes that the token is assumed to have instead of its own.
    pub(crate) scopes: Option<&'a [&'static str]>,
}

/// The kind of what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    /// A stronger or more recent authentication of the user would suffice (RFC 9470).
    Authentication,
    /// An authentication would not suffice.
    Authorization,
}

impl Facts<'_> {
    /// True if the claim at this path equals this value, or is an array that contains it.
    pub(super) fn has_claim(&self, path: &[&str], value: ClaimValue) -> bool {
        self.token.claims().member(path).is_some_and(|claim| value.is_in(claim))
    }

    /// Compares the claim `acr`, which is a single string (RFC 9068 section 2.2.1).
    pub(super) fn has_acr(&self, acr: &str) -> bool {
        self.token.claims().get("acr").and_then(Item::as_str) == Some(acr)
    }

    /// True if the user authenticated within this many seconds. Counts from `auth_time`, not from
    /// `iat`: a refreshed token keeps `auth_time` (RFC 9068 section 2.2.1). Returns false if the time
    /// is missing, not a number, or more than [`AHEAD`] in the future.
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
