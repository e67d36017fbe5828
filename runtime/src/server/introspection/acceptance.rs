//! Judges an answer that says that a token is active.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{AcceptedToken, Introspector};
use crate::error::Fault;
use crate::flights::later;
use crate::identity::{AccessToken, Answered};
use crate::introspection::{Question, claims};
use crate::json::Document;
use crate::keys::KeySet;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::token::{ClaimPositions, Kind, Registered, SignedBy, check_end, readable_parts};

/// A JWT whose signature was verified.
pub(in crate::server) struct VerifiedJwt {
    pub(in crate::server) claims: Document,
    pub(in crate::server) set: Arc<KeySet>,
    pub(in crate::server) signed_by: SignedBy,
}

impl VerifiedJwt {
    /// Returns the time in `exp`, whose type was checked before the question.
    fn expires_at(&self) -> Option<SystemTime> {
        let positions = ClaimPositions::of(&self.claims);
        Registered::read_partial(&self.claims, &positions).ok()?.expires_at
    }
}

impl Introspector {
    /// Applies the rules for tokens to an answer, and returns the identity. `jwt` is the token itself
    /// if it is a JWT.
    pub(super) fn accept(
        &self,
        issuer: &Arc<TrustedIssuer>,
        answer: &Document,
        text: &str,
        jwt: Option<VerifiedJwt>,
        now: SystemTime,
    ) -> Result<AcceptedToken, Fault> {
        let rules = &issuer.rules;
        let question = Question {
            issuer: &issuer.identifier,
            dialect: &rules.dialect,
            audiences: &rules.audiences,
            token: jwt.as_ref().map(|jwt| jwt.claims.root()),
        };
        let claims = claims(answer, &question)?;
        let positions = ClaimPositions::of(&claims);
        if positions.cnf.is_none() && is_bound_by_itself(text) {
            return Err(Fault::AnswerWithoutCnf);
        }
        let is_for_client = self.settings.is_for_client;
        let registered =
            Registered::read_answer(&claims, &positions, &rules.dialect, is_for_client)?;
        let profile = jwt.as_ref().map(|jwt| jwt.signed_by.profile);
        let kind = rules.check_answer(&claims, &positions, &registered, profile, now)?;
        let ends = [registered.expires_at, jwt.as_ref().and_then(VerifiedJwt::expires_at)];
        let end = ends.into_iter().flatten().min();
        check_end(end, now)?;
        let period = period(self.settings.period, end, now);
        let answered = Answered { text: text.into(), until: later(period), end };
        let set = jwt.as_ref().map(|jwt| Arc::downgrade(&jwt.set));
        let signed_by = jwt.map(|jwt| jwt.signed_by);
        let token =
            AccessToken::of_answer(claims, &positions, registered, rules, signed_by, answered)?;
        if kind == Kind::Ambiguous {
            issuer.warn_of_ambiguous_token();
        }
        Ok(AcceptedToken { token, set })
    }
}

/// Returns true if the text is a JWT with the claim `cnf`. Nobody has verified this claim, so it only
/// serves to refuse: the token must not become a bearer token because the answer leaves it out.
fn is_bound_by_itself(text: &str) -> bool {
    let [_, claims] = readable_parts(text);
    claims.is_some_and(|claims| ClaimPositions::of(&claims).cnf.is_some())
}

/// Returns the time for which an answer may be used (RFC 7662 section 4).
fn period(longest: Duration, end: Option<SystemTime>, now: SystemTime) -> Duration {
    match end {
        Some(end) => longest.min(end.duration_since(now).unwrap_or_default()),
        None => longest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_used_for_the_period_and_never_beyond_its_end() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let minute = Duration::from_secs(60);
        assert_eq!(period(minute, None, now), minute);
        assert_eq!(period(minute, at(1059), now), Duration::from_secs(59));
        assert_eq!(period(minute, at(9999), now), minute);
        assert_eq!(period(minute, at(1000), now), Duration::ZERO);
        assert_eq!(period(minute, at(999), now), Duration::ZERO);
        assert_eq!(period(Duration::ZERO, at(9999), now), Duration::ZERO);
    }
}
