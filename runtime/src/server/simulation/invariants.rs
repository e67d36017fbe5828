//! The invariants that the server must keep in every schedule. This module checks them with the log
//! of the simulated issuer and does not read the state of the server under test.

use std::fmt;
use std::time::Duration;

use super::bounds::{LONGEST_REFRESH, LONGEST_RETRY, OUTAGE, PATIENCE, TICK};
use super::log::{Log, MetadataExchange, Moment, Outcome, Published};
use super::signing::Signer;
use crate::error::{RefusalKind, TokenError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invariant {
    KnownKeysNeverWait,
    NoValidRequestFails,
    RotationsAreNoticed,
    MovedKeysAreFollowed,
    WithdrawnKeysAreRefused,
    OutagesAreBounded,
    ForgeriesAreRefused,
    RefusalsNameTheCause,
    WaitsAreBounded,
    FetchesAreBounded,
    FetchesAreMade,
    KnownTokensNeverWait,
    InactiveTokensAreRefused,
    EndsAreKept,
    OneQuestionAtATime,
    NoQuestionIsNeedless,
    QuestionsAreBounded,
    MemoryIsBounded,
    IssuersAreIndependent,
    NothingOutlivesTheServer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation(pub(super) Invariant, pub(super) String);

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.0, self.1)
    }
}

/// A simulated request and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallResult {
    /// The number of the request. The first request has the number 1.
    pub(super) number: usize,
    pub(super) signer: Signer,
    pub(super) arrived_at: Moment,
    pub(super) answered_at: Moment,
    pub(super) outcome: Result<(), TokenError>,
}

/// Returns the result that the server must give to a request without a fetch. Returns `None` if the
/// server may wait for a fetch.
pub(super) fn immediate_answer(
    log: &Log,
    signer: Signer,
    now: Moment,
) -> Option<Result<(), RefusalKind>> {
    let (answer, _) = log.held().filter(|(_, times)| now < times.usable.0)?;
    match signer {
        Signer::Issuer(key) if answer.keys.has(key) => Some(Ok(())),
        // A token that names a held key and is not signed by it never waits, even if the issuer has
        // replaced the key under the same `kid`.
        Signer::Issuer(key) | Signer::Forger(key) if answer.keys.has_kid(key) => {
            Some(Err(RefusalKind::InvalidSignature))
        }
        _ => None,
    }
}

/// Checks the result of a request against the invariants, at the moment at which the server returns
/// the result.
pub(super) fn judge(log: &Log, result: &CallResult) -> Result<(), Violation> {
    let now = result.answered_at;
    let held = log.held();
    let keys_until = |end: Moment| held.filter(|_| now < end).map(|(answer, _)| answer.keys);
    let usable = held.map_or((Moment::ZERO, Moment::ZERO), |(_, times)| times.usable);
    let (must_hold, may_hold) = (keys_until(usable.0), keys_until(usable.1 + TICK));
    let has = |held: Option<Published>, key| held.is_some_and(|keys| keys.has(key));
    let has_kid = |held: Option<Published>, key| held.is_some_and(|keys| keys.has_kid(key));
    let violation = |invariant| Err(Violation(invariant, format!("{result:?}")));
    if now > result.arrived_at + PATIENCE + TICK {
        return violation(Invariant::WaitsAreBounded);
    }
    let refused = result.outcome.as_ref().err().map(TokenError::kind);
    if may_hold.is_none() && refused != Some(RefusalKind::KeysUnavailable) {
        return violation(Invariant::OutagesAreBounded);
    }
    match (result.signer, refused) {
        (Signer::Issuer(key), None) if has(may_hold, key) && may_be_served(log, key, now) => {}
        (Signer::Issuer(_), None) => return violation(Invariant::WithdrawnKeysAreRefused),
        (Signer::Forger(_) | Signer::Unknown, None) => {
            return violation(Invariant::ForgeriesAreRefused);
        }
        (Signer::Issuer(key), Some(_)) if has(must_hold, key) => {
            return violation(Invariant::NoValidRequestFails);
        }
        (Signer::Issuer(key) | Signer::Forger(key), Some(RefusalKind::InvalidSignature))
            if has_kid(may_hold, key) => {}
        (signer, Some(RefusalKind::UnknownKey)) => {
            if let Signer::Issuer(key) = signer
                && is_published_all_along(log, key, result.arrived_at)
                && !is_excused(log, result, log.unchanged_since(key))
            {
                return violation(Invariant::RotationsAreNoticed);
            }
        }
        (_, Some(RefusalKind::KeysUnavailable)) if must_hold.is_none() => {
            let retry_after = result.outcome.as_ref().err().and_then(TokenError::retry_after);
            if retry_after.is_none_or(|time| time > LONGEST_RETRY) {
                return violation(Invariant::WaitsAreBounded);
            }
            if !is_excused(log, result, Moment::ZERO) {
                return violation(Invariant::RotationsAreNoticed);
            }
        }
        _ => return violation(Invariant::RefusalsNameTheCause),
    }
    Ok(())
}

fn is_published_all_along(log: &Log, key: u8, since: Moment) -> bool {
    log.published(Moment::MAX).has(key) && log.unchanged_since(key) <= since
}

/// Returns true if the server may verify tokens with this key at the moment `now`. The server may
/// use a withdrawn key until the next scheduled fetch or, if fetches fail, until the outage limit
/// has passed. The same holds if the issuer withdrew the key after it moved its key set, although
/// the old location still returns the key. The server may use a withdrawn key longer if the issuer
/// continues to return the key in stale answers of its current location.
fn may_be_served(log: &Log, key: u8, now: Moment) -> bool {
    if log.published(Moment::MAX).has(key) {
        return true;
    }
    let withdrawn = log.unchanged_since(key);
    let (mut has_failures, mut has_stale_answers) = (false, false);
    let later_fetches = log
        .fetches
        .iter()
        .rev()
        .take_while(|fetch| fetch.end.is_none_or(|(end, _)| end >= withdrawn));
    for fetch in later_fetches {
        match fetch.end {
            Some((_, Outcome::Set(answer))) => {
                let is_moved = log.last_update(answer.location, Moment::MAX) < withdrawn;
                has_stale_answers |= answer.as_of < withdrawn && !is_moved;
                has_failures |= answer.metadata == MetadataExchange::Failed;
            }
            _ => has_failures = true,
        }
    }
    let bound = if has_failures { LONGEST_REFRESH + OUTAGE } else { LONGEST_REFRESH };
    has_stale_answers || now <= withdrawn + bound
}

/// Returns true if the server may refuse a request although the issuer publishes the key. The
/// server may refuse the request in four cases: a fetch or its metadata failed; a fetch did not end
/// within the time limit of the request; a fetch for the request returned the keys from before
/// `change`; or earlier requests used up the fetches that requests may cause.
fn is_excused(log: &Log, result: &CallResult, change: Moment) -> bool {
    let CallResult { arrived_at, answered_at, .. } = *result;
    let timed_out = answered_at >= arrived_at + PATIENCE && log.under_way();
    let mut recent_fetches = log
        .fetches
        .iter()
        .rev()
        .take_while(|fetch| fetch.started_at + Duration::from_mins(1) > arrived_at);
    timed_out
        || log.may_lack_budget(answered_at)
        || recent_fetches.any(|fetch| match fetch.end {
            Some((end, Outcome::Failed)) => end >= arrived_at,
            Some((end, Outcome::Set(answer))) => {
                let metadata_failed = answer.metadata == MetadataExchange::Failed;
                let missed_change = fetch.started_at >= arrived_at && answer.as_of < change;
                missed_change || (metadata_failed && end >= arrived_at)
            }
            _ => false,
        })
}
