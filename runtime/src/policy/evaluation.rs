//! Whether a token satisfies a requirement.

use std::time::{Duration, SystemTime};

use super::requirement::{ClaimValue, Requirement};
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
    fn of(self, index: usize) -> Option<bool> {
        self.0.get(index).copied().unwrap_or(Some(false))
    }
}

/// What is to be done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Grant,
    Refuse(Lack),
    /// It depends on the check of this number.
    Ask(usize),
}

/// What would have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    /// A stronger or fresher authentication of the user would do (RFC 9470).
    Authentication,
    Authorization,
}

/// What is taken for granted besides the facts.
#[derive(Clone, Copy)]
struct Supposition<'a> {
    /// The answer of every check that was not asked.
    checks: bool,
    /// Scopes that the token would have as well.
    scopes: &'a [&'static str],
}

/// Judges a request. Asks no check whose answer cannot change the verdict, and allocates nothing.
pub(crate) fn judge(requirement: &Requirement, facts: &Facts<'_>, answers: Answers) -> Verdict {
    let judged = |checks| {
        evaluate(
            requirement,
            facts,
            answers,
            Supposition {
                checks,
                scopes: &[],
            },
        )
    };
    // No demand is that a check says no: what holds then holds in any case.
    let Err(lack) = judged(false) else {
        return Verdict::Grant;
    };
    if let Err(lack) = judged(true) {
        return Verdict::Refuse(lack);
    }
    match requirement {
        Requirement::Check(index, _) | Requirement::Named(index, _) => Verdict::Ask(*index),
        Requirement::All(members) | Requirement::Any(members) => members
            .iter()
            .map(|member| judge(member, facts, answers))
            .find(|verdict| matches!(verdict, Verdict::Ask(_)))
            .unwrap_or(Verdict::Refuse(lack)),
        _ => Verdict::Refuse(lack),
    }
}

/// Finds the scopes that a refused token lacks: the index of the first of the requirement's
/// [`scope_sets`](Requirement::scope_sets) with which the request would be granted or would come to
/// a check. Nothing where scopes would not help.
pub(crate) fn scopes_that_help(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
) -> Option<usize> {
    requirement.scope_sets().iter().position(|scopes| {
        let supposition = Supposition {
            checks: true,
            scopes,
        };
        !scopes.is_empty() && evaluate(requirement, facts, answers, supposition).is_ok()
    })
}

/// Of several demands the worst lack counts, of alternatives the least.
fn evaluate(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
    supposed: Supposition<'_>,
) -> Result<(), Lack> {
    let token = facts.token;
    let has_scope = |scope: &str| supposed.scopes.contains(&scope) || token.has_scope(scope);
    let each = |member| evaluate(member, facts, answers, supposed);
    let authorized = |yes: bool| yes.then_some(()).ok_or(Lack::Authorization);
    let authenticated = |yes: bool| yes.then_some(()).ok_or(Lack::Authentication);
    match requirement {
        Requirement::All(members) => members.iter().map(each).max().unwrap_or(Ok(())),
        Requirement::Any(members) => {
            let least = members.iter().map(each).min();
            least.unwrap_or(Err(Lack::Authorization))
        }
        Requirement::Scope(scope) => authorized(has_scope(scope)),
        Requirement::Declared(entry) => {
            let broader = || entry.implied_by.iter().any(|scope| has_scope(scope));
            authorized(has_scope(entry.name) || broader())
        }
        Requirement::Role(role) => authorized(token.has_role(role)),
        Requirement::Claim(path, value) => authorized(has_claim(token, path, *value)),
        Requirement::Client(client) => authorized(token.client() == Some(client)),
        Requirement::Issuer(issuer) => authorized(token.is_from(issuer)),
        Requirement::Acr(acr) => {
            authenticated(token.claims().get("acr").and_then(Item::as_str) == Some(acr))
        }
        Requirement::MaxAge(age) => authenticated(is_recent(facts, *age)),
        Requirement::Check(index, _) => authorized(answers.of(*index).unwrap_or(supposed.checks)),
        Requirement::Named(index, operation) => {
            if let Some(answer) = answers.of(*index) {
                return authorized(answer);
            }
            // Its checks are numbered on their own, and asked by the check that it is here.
            evaluate(&operation.requirement, facts, Answers::default(), supposed)
        }
    }
}

fn has_claim(token: &AccessToken, path: &[&str], wanted: ClaimValue) -> bool {
    match token.claims().member(path) {
        Some(Item::Array(members)) => members.items().any(|member| is(member, wanted)),
        Some(value) => is(value, wanted),
        None => false,
    }
}

fn is(value: Item<'_>, wanted: ClaimValue) -> bool {
    match (value, wanted) {
        (Item::String(text), ClaimValue::Text(wanted)) => text == wanted,
        (Item::Number(number), ClaimValue::Integer(wanted)) => number.as_i64() == Some(wanted),
        (Item::Bool(truth), ClaimValue::Bool(wanted)) => truth == wanted,
        _ => false,
    }
}

/// Counted from `auth_time`, never from `iat`: refreshed tokens keep the former (RFC 9068 section
/// 2.2.1). A time that is missing, no number or well in the future is no recent one.
fn is_recent(facts: &Facts<'_>, max_age: u64) -> bool {
    let Some(Item::Number(authenticated)) = facts.token.claims().get("auth_time") else {
        return false;
    };
    let since = Duration::try_from_secs_f64(authenticated.as_f64()).ok();
    let time = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    time.is_some_and(|time| match facts.now.duration_since(time) {
        Ok(age) => age <= Duration::from_secs(max_age),
        Err(ahead) => ahead.duration() <= AHEAD,
    })
}

#[cfg(test)]
pub(crate) mod tests;
