//! The situations that must each occur in at least one schedule, so that the schedules test all
//! invariants.

use super::invariants::CallResult;
use super::issuer::History;
use super::log::{Answer, Fetch, MetadataExchange, Outcome};
use super::signing::Signer;
use crate::error::{RefusalKind, TokenError};

type Situation = (&'static str, fn(&History) -> bool);

pub(super) const SITUATIONS: &[Situation] = &[
    ("a request with a new key waits for the fetch of that key", |history| {
        history
            .answers
            .iter()
            .any(|answer| answer.outcome.is_ok() && answer.answered_at > answer.arrived_at)
    }),
    ("an unknown key is refused without a fetch, as requests have caused too many", |history| {
        history.answers.iter().any(|answer| {
            is(answer, RefusalKind::UnknownKey) && answer.answered_at == answer.arrived_at
        })
    }),
    ("a request waits until its time limit", |history| {
        history
            .answers
            .iter()
            .any(|answer| answer.answered_at.abs_diff(answer.arrived_at).as_secs() >= 5)
    }),
    ("a key that was accepted is withdrawn", |history| {
        let mut accepted = history.answers.iter().filter(|answer| answer.outcome.is_ok());
        accepted.any(|before| {
            history.answers.iter().any(|answer| {
                answer.signer == before.signer
                    && matches!(answer.signer, Signer::Issuer(_))
                    && answer.arrived_at > before.answered_at
                    && is(answer, RefusalKind::UnknownKey)
            })
        })
    }),
    ("an outage outlives the keys, and ends", |history| {
        let mut answers = history.answers.iter();
        answers.any(|answer| answer.outcome.is_ok())
            && answers.any(|answer| is(answer, RefusalKind::KeysUnavailable))
            && answers.any(|answer| answer.outcome.is_ok())
    }),
    ("a forged token names a published key", |history| {
        history.answers.iter().any(|answer| is(answer, RefusalKind::InvalidSignature))
    }),
    ("a key is replaced under the same `kid`, and its token is accepted later", |history| {
        let mut answers = history.answers.iter();
        answers.any(|before| {
            matches!(before.signer, Signer::Issuer(_)) && is(before, RefusalKind::InvalidSignature)
        }) && answers.any(|answer| answer.outcome.is_ok())
    }),
    ("a request finds the key set at another location", |history| {
        let mut fetches = history.fetches.iter().filter_map(set);
        let first = fetches.next();
        fetches.any(|(fetch, answer)| {
            fetch.on_demand && first.is_some_and(|(_, first)| answer.location != first.location)
        })
    }),
    ("keys are fetched from the last location while the metadata fails", |history| {
        let mut answers = history.fetches.iter().filter_map(set);
        answers.any(|(_, answer)| answer.metadata == MetadataExchange::Failed)
    }),
    ("the wall clock is wrong in both directions", |history| {
        let has = |kind| history.answers.iter().any(|answer| is(answer, kind));
        has(RefusalKind::Expired) && has(RefusalKind::NotYetValid)
    }),
    ("the server is dropped during a fetch", |history| {
        let last = history.fetches.last().and_then(|fetch| fetch.end);
        last.is_some_and(|(_, outcome)| outcome == Outcome::Abandoned)
    }),
    ("keys are refreshed by schedule for days", |history| {
        history.fetches.iter().filter(|fetch| !fetch.on_demand).count() > 100
    }),
];

fn set(fetch: &Fetch) -> Option<(&Fetch, &Answer)> {
    match &fetch.end {
        Some((_, Outcome::Set(answer))) => Some((fetch, answer)),
        _ => None,
    }
}

fn is(answer: &CallResult, kind: RefusalKind) -> bool {
    answer.outcome.as_ref().err().map(TokenError::kind) == Some(kind)
}
