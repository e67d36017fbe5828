//! What must have come to pass in some schedule or other: where nothing happens, everything holds.

use super::invariants::Answered;
use super::issuer::History;
use super::log::Outcome;
use super::signing::Maker;
use crate::error::{RefusalKind, TokenError};

type Sight = (&'static str, fn(&History) -> bool);

pub(super) const SIGHTS: &[Sight] = &[
    ("a rotation is seen by the request that needs it", |history| {
        let seen = |answer: &Answered| answer.outcome.is_ok() && answer.went > answer.came;
        history.answers.iter().any(seen)
    }),
    ("a flood has just had its fetch", |history| {
        let refused = |answer: &&Answered| is(answer, RefusalKind::UnknownKey);
        let mut refused = history.answers.iter().filter(refused);
        refused.any(|answer| answer.went == answer.came)
    }),
    ("patience ends", |history| {
        let patient = |answer: &Answered| answer.went.abs_diff(answer.came).as_secs() >= 5;
        history.answers.iter().any(patient)
    }),
    ("a key is withdrawn that served before", |history| {
        let by = |answer: &Answered| matches!(answer.maker, Maker::Issuer(_));
        let mut served = history.answers.iter().filter(|answer| answer.outcome.is_ok());
        served.any(|before| {
            let of_that = |answer: &&Answered| answer.maker == before.maker && by(answer);
            let mut later = history.answers.iter().filter(of_that);
            later.any(|answer| answer.came > before.went && is(answer, RefusalKind::UnknownKey))
        })
    }),
    ("an outage outlives the keys, and ends", |history| {
        let mut answers = history.answers.iter();
        answers.any(|answer| answer.outcome.is_ok())
            && answers.any(|answer| is(answer, RefusalKind::KeysUnavailable))
            && answers.any(|answer| answer.outcome.is_ok())
    }),
    ("a forgery bears the name of a good key", |history| {
        let forged = |answer: &Answered| is(answer, RefusalKind::InvalidSignature);
        history.answers.iter().any(forged)
    }),
    ("the wall clock is wrong either way", |history| {
        let wrong = |kind| history.answers.iter().any(|answer| is(answer, kind));
        wrong(RefusalKind::Expired) && wrong(RefusalKind::NotYetValid)
    }),
    ("the server goes while a fetch is under way", |history| {
        let last = history.fetches.last().and_then(|fetch| fetch.end);
        last.is_some_and(|(_, outcome)| outcome == Outcome::GivenUp)
    }),
    ("the issuer is asked by schedule for days", |history| {
        let unasked = history.fetches.iter().filter(|fetch| !fetch.asked);
        unasked.count() > 100
    }),
];

fn is(answer: &Answered, kind: RefusalKind) -> bool {
    answer.outcome.as_ref().err().map(TokenError::kind) == Some(kind)
}
