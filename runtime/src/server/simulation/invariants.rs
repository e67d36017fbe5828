//! What must hold, whatever happens: judged by what the issuer was asked and said, never by the
//! state of what is judged.

use std::fmt;
use std::time::Duration;

use super::bounds::{COOL_DOWN, LONGEST_LIFETIME, LONGEST_RETRY, OUTAGE, PATIENCE, TICK, kept};
use super::log::{Answer, Fetch, Ledger, Moment, Outcome};
use super::signing::Maker;
use crate::error::{RefusalKind, TokenError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invariant {
    KnownKeyNeverWaits,
    NoValidRequestFails,
    ARotationIsSeen,
    WithdrawnIsRefused,
    AnOutageHasItsEnd,
    ForgeriesAreRefused,
    RefusalsNameTheCause,
    PatienceEnds,
    FetchesAreBounded,
    FetchesAreMade,
    TroubleStaysWithItsIssuer,
    NothingOutlivesTheServer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation(pub(super) Invariant, pub(super) String);

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.0, self.1)
    }
}

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    /// Which request it was, counted from 1.
    pub(super) number: usize,
    pub(super) maker: Maker,
    pub(super) came: Moment,
    pub(super) went: Moment,
    pub(super) outcome: Result<(), TokenError>,
}

/// What an answer that can be given without asking the issuer must be.
pub(super) fn at_once(
    ledger: &Ledger,
    maker: Maker,
    now: Moment,
) -> Option<Result<(), RefusalKind>> {
    let (arrival, answer) = ledger.last_answer()?;
    let known = |key: u8| answer.keys.has(key) && now < kept(arrival, &answer).0;
    match maker {
        Maker::Issuer(key) if known(key) => Some(Ok(())),
        Maker::Forger(key) if known(key) => Some(Err(RefusalKind::InvalidSignature)),
        _ => None,
    }
}

/// Judges an answer at the moment it is given.
pub(super) fn judge(ledger: &Ledger, answered: &Answered) -> Result<(), Violation> {
    let now = answered.went;
    let held = ledger.last_answer();
    let may_hold = held.filter(|(arrival, answer)| now < kept(*arrival, answer).1 + TICK);
    let must_hold = held.filter(|(arrival, answer)| now < kept(*arrival, answer).0);
    let has = |held: Option<(Moment, Answer)>, key| held.is_some_and(|(_, set)| set.keys.has(key));
    let but = |invariant| Err(Violation(invariant, format!("{answered:?}")));
    if now > answered.came + PATIENCE + TICK {
        return but(Invariant::PatienceEnds);
    }
    let refused = answered.outcome.as_ref().err().map(TokenError::kind);
    if may_hold.is_none() && refused != Some(RefusalKind::KeysUnavailable) {
        return but(Invariant::AnOutageHasItsEnd);
    }
    match (answered.maker, refused) {
        (Maker::Issuer(key), None) if has(may_hold, key) && may_be_served(ledger, key, now) => {}
        (Maker::Issuer(_), None) => return but(Invariant::WithdrawnIsRefused),
        (Maker::Forger(_) | Maker::Stranger, None) => return but(Invariant::ForgeriesAreRefused),
        (Maker::Forger(key), Some(RefusalKind::InvalidSignature)) if has(may_hold, key) => {}
        (Maker::Issuer(key), Some(_)) if has(must_hold, key) => {
            return but(Invariant::NoValidRequestFails);
        }
        (maker, Some(RefusalKind::UnknownKey)) => {
            if let Maker::Issuer(key) = maker
                && is_published_all_along(ledger, key, answered.came)
                && !is_excused(ledger, answered, ledger.unchanged_since(key))
            {
                return but(Invariant::ARotationIsSeen);
            }
        }
        (_, Some(RefusalKind::KeysUnavailable)) if must_hold.is_none() => {
            let retry = answered.outcome.as_ref().err();
            let retry = retry.and_then(TokenError::retry_after);
            if retry.is_none_or(|retry| retry > LONGEST_RETRY) {
                return but(Invariant::PatienceEnds);
            }
            if !is_excused(ledger, answered, Moment::ZERO) {
                return but(Invariant::ARotationIsSeen);
            }
        }
        _ => return but(Invariant::RefusalsNameTheCause),
    }
    Ok(())
}

fn is_published_all_along(ledger: &Ledger, key: u8, since: Moment) -> bool {
    ledger.published(Moment::MAX).has(key) && ledger.unchanged_since(key) <= since
}

/// A withdrawn key ends with the refresh, or with the outage in which there is none; of an issuer
/// that goes on to say that it is good nobody can know better.
fn may_be_served(ledger: &Ledger, key: u8, now: Moment) -> bool {
    if ledger.published(Moment::MAX).has(key) {
        return true;
    }
    let withdrawn = ledger.unchanged_since(key);
    let later = ledger.fetches.iter().rev();
    let later = later.take_while(|fetch| fetch.end.is_none_or(|(end, _)| end >= withdrawn));
    let (mut in_trouble, mut untrue) = (false, false);
    for fetch in later {
        match fetch.end {
            Some((_, Outcome::Set(answer))) => untrue |= answer.as_of < withdrawn,
            _ => in_trouble = true,
        }
    }
    let bound = if in_trouble { LONGEST_LIFETIME + OUTAGE } else { LONGEST_LIFETIME };
    untrue || now <= withdrawn + bound
}

/// Whether the issuer is to blame for an answer that is no good, or the fetch that requests may
/// cause was made within the last ten seconds and brought nothing: it came before the news.
fn is_excused(ledger: &Ledger, answered: &Answered, news: Moment) -> bool {
    let Answered { came, went, .. } = answered;
    let out_of_patience = *went >= *came + PATIENCE && ledger.under_way();
    let brought_nothing = |fetch: &Fetch| match fetch.end {
        Some((_, Outcome::Set(answer))) => answer.as_of < news,
        _ => true,
    };
    let recent = ledger.fetches.iter().rev();
    let mut recent = recent.take_while(|fetch| fetch.begun + Duration::from_mins(1) > *came);
    let excuses = |fetch: &Fetch| {
        let failed = |(end, outcome)| outcome == Outcome::Failed && end >= *came;
        let cools_down = fetch.asked && *went < fetch.begun + COOL_DOWN && brought_nothing(fetch);
        fetch.end.is_some_and(failed) || cools_down
    };
    out_of_patience || recent.any(excuses)
}
