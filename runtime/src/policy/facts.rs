//! The facts by which one demand is judged.

use std::time::{Duration, SystemTime};

use super::claim_value::ClaimValue;
use crate::json::Item;
use crate::token::AccessToken;

/// How far ahead an `auth_time` may lie and still count as just now: clocks differ.
const AHEAD: Duration = Duration::from_secs(60);

/// What a requirement is judged by.
pub(crate) struct Facts<'a> {
    pub(crate) token: &'a AccessToken,
    pub(crate) now: SystemTime,
}

/// What the checks of a policy have said so far, by number. There are eight at most.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answers([Option<bool>; 8]);

impl Answers {
    /// Every check has said yes.
    pub(crate) fn yes() -> Self {
        Self([Some(true); 8])
    }

    pub(crate) fn note(&mut self, index: usize, answer: bool) {
        if let Some(place) = self.0.get_mut(index) {
            *place = Some(answer);
        }
    }

    /// What this check says; beyond the eighth there is none, and none says no.
    pub(super) fn of(self, index: usize) -> Option<bool> {
        self.0.get(index).copied().unwrap_or(Some(false))
    }
}

/// What is taken for granted besides the facts.
#[derive(Clone, Copy)]
pub(crate) struct Supposition<'a> {
    /// The answer of every check that was not asked.
    pub(crate) checks: bool,
    /// Scopes that the token would have as well.
    pub(crate) scopes: &'a [&'static str],
}

/// What would have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    /// A stronger or fresher authentication of the user would do (RFC 9470).
    Authentication,
    Authorization,
}

impl Facts<'_> {
    /// Looks for a claim, by the names on the way to it, that has this value or is an array with it.
    pub(super) fn has_claim(&self, path: &[&str], value: ClaimValue) -> bool {
        let claim = self.token.claims().member(path);
        claim.is_some_and(|claim| value.is_in(claim))
    }

    /// Compares the claim `acr`, which is one string (RFC 9068 section 2.2.1).
    pub(super) fn has_acr(&self, acr: &str) -> bool {
        self.token.claims().get("acr").and_then(Item::as_str) == Some(acr)
    }

    /// Counted from `auth_time`, never from `iat`: refreshed tokens keep the former (RFC 9068
    /// section 2.2.1). A time that is missing, no number or well in the future is no recent one.
    pub(super) fn is_authenticated_within(&self, seconds: u64) -> bool {
        let Some(Item::Number(authenticated)) = self.token.claims().get("auth_time") else {
            return false;
        };
        let since = Duration::try_from_secs_f64(authenticated.as_f64()).ok();
        let time = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
        time.is_some_and(|time| match self.now.duration_since(time) {
            Ok(age) => age <= Duration::from_secs(seconds),
            Err(ahead) => ahead.duration() <= AHEAD,
        })
    }
}
