//! The situations that must each occur in at least one schedule, so that the schedules test all
//! invariants.

use std::collections::HashSet;
use std::time::Duration;

use super::super::log::Moment;
use super::history::History;
use super::invariants::CallResult;
use super::log::Outcome;
use super::token::Token;
use crate::error::RefusalKind::{
    self, Expired, InactiveToken, IntrospectionUnavailable, WrongAudience,
};

type Situation = (&'static str, fn(&History) -> bool);

pub(super) const SITUATIONS: &[Situation] = &[
    (
        "a flood exhausts the questions while known tokens are asked about again",
        has_disturbing_flood,
    ),
    ("a random token is refused without a question, as there were too many", |history| {
        history.results.iter().any(|result| {
            matches!(result.token, Token::Random(_))
                && is(result, IntrospectionUnavailable)
                && result.answered_at == result.arrived_at
                && history.questions.iter().all(|question| question.token != result.token)
        })
    }),
    ("a withdrawn token is accepted once more, and refused later", |history| {
        let inactive = history.results.iter().filter(|result| is(result, InactiveToken));
        inactive.into_iter().any(|refused| {
            refused.token.is_genuine() && was_accepted(history, refused.token, refused.arrived_at)
        })
    }),
    ("a token that was withdrawn is restored", |history| {
        let inactive = history.results.iter().filter(|result| is(result, InactiveToken));
        inactive.into_iter().any(|refused| {
            let mut later = history.results.iter().filter(|one| one.number > refused.number);
            later.any(|one| one.token == refused.token && one.outcome.is_ok())
        })
    }),
    ("a token that was accepted ends", |history| {
        let expired = history.results.iter().filter(|result| is(result, Expired));
        expired.into_iter().any(|result| was_accepted(history, result.token, result.arrived_at))
    }),
    ("a request waits until its time limit", |history| {
        history.results.iter().any(|result| {
            is(result, IntrospectionUnavailable) && waited(result) >= Duration::from_secs(5)
        })
    }),
    ("several requests wait for one question", |history| {
        let waiting = history.results.iter().filter(|result| !waited(result).is_zero());
        let mut moments = HashSet::new();
        waiting.into_iter().any(|result| !moments.insert((result.token, result.arrived_at)))
    }),
    ("a known token fails with the endpoint, and is accepted again", |history| {
        let mut failed = history.questions.iter().filter(|question| {
            let outcome = question.end.map(|(_, outcome)| outcome);
            !question.is_unknown && matches!(outcome, Some(Outcome::Failed | Outcome::Dropped))
        });
        failed.any(|question| {
            let mut later = history.results.iter().filter(|one| one.token == question.token);
            later.any(|one| one.arrived_at > question.started_at && one.outcome.is_ok())
        })
    }),
    ("an answer is for another API", |history| {
        history.results.iter().any(|result| is(result, WrongAudience))
    }),
    ("a JWT that is not asked about is accepted", |history| {
        let mut results = history.results.iter();
        results.any(|one| matches!(one.token, Token::Unasked(_)) && one.outcome.is_ok())
    }),
];

/// Returns true if random tokens have used up the questions, and the server has accepted a known token
/// after a new question in the same minute.
pub(super) fn has_disturbing_flood(history: &History) -> bool {
    let asked: HashSet<_> = history.questions.iter().map(|question| question.token).collect();
    let limited = history.results.iter().filter(|result| {
        matches!(result.token, Token::Random(_))
            && is(result, IntrospectionUnavailable)
            && !asked.contains(&result.token)
    });
    let floods: Vec<Moment> = limited.map(|result| result.arrived_at).collect();
    history.questions.iter().any(|question| {
        !question.is_unknown
            && question.end.is_some_and(|(_, outcome)| outcome == Outcome::Active)
            && floods.iter().any(|at| at.abs_diff(question.started_at) < Duration::from_secs(10))
    })
}

fn is(result: &CallResult, kind: RefusalKind) -> bool {
    result.outcome == Err(kind)
}

fn waited(result: &CallResult) -> Duration {
    result.answered_at.saturating_sub(result.arrived_at)
}

fn was_accepted(history: &History, token: Token, before: Moment) -> bool {
    let mut earlier = history.results.iter().filter(|one| one.answered_at < before);
    earlier.any(|one| one.token == token && one.outcome.is_ok())
}
