//! The invariants of the results that callers get. This module checks them with the log of the
//! endpoint and does not read the state of the server under test.

use super::super::bounds::{PATIENCE, TICK};
use super::super::invariants::{Invariant, Violation};
use super::super::log::Moment;
use super::super::signing::VALID;
use super::bounds::{BURST, FAILURE_PERIOD, LEEWAY, refusal_period};
use super::log::{Log, Outcome};
use super::question_check::QuestionCheck;
use super::token::Token;
use crate::error::RefusalKind;

/// A simulated request and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallResult {
    /// The number of the request. The first request has the number 1.
    pub(super) number: usize,
    pub(super) token: Token,
    pub(super) arrived_at: Moment,
    pub(super) answered_at: Moment,
    pub(super) outcome: Result<(), RefusalKind>,
}

/// Returns the result that the server must give to a request immediately. Returns `None` if the
/// server may ask.
pub(super) fn immediate_answer(
    log: &Log,
    token: Token,
    now: Moment,
) -> Option<Result<(), RefusalKind>> {
    if matches!(token, Token::Unasked(_) | Token::Forged(_)) {
        return Some(match token {
            _ if now >= VALID => Err(RefusalKind::Expired),
            Token::Forged(_) => Err(RefusalKind::InvalidSignature),
            _ => Ok(()),
        });
    }
    let (answered, outcome) = log.last_answer(token)?;
    let has_ended = log.end_of(token).is_some_and(|end| end <= now);
    match outcome {
        Outcome::Active if has_ended => Some(Err(RefusalKind::Expired)),
        Outcome::Active if now < answered + log.period() => Some(Ok(())),
        _ => None,
    }
}

/// Checks the result of a request about whose token the server may ask, at the moment at which the
/// server returns the result.
pub(super) fn judge(
    log: &Log,
    check: &QuestionCheck,
    result: &CallResult,
) -> Result<(), Violation> {
    let CallResult { token, arrived_at: arrived, answered_at: now, .. } = *result;
    let violation = |invariant| Err(Violation(invariant, format!("{result:?}")));
    if now > arrived + PATIENCE + TICK {
        return violation(Invariant::WaitsAreBounded);
    }
    let since = |period: Moment| arrived.saturating_sub(period + PATIENCE + TICK);
    let has_ended = log.end_of(token).is_some_and(|end| end <= now);
    match result.outcome {
        Ok(()) if has_ended => violation(Invariant::EndsAreKept),
        // The issuer may withdraw a token while the server asks about it.
        Ok(()) if log.was(true, token, now.saturating_sub(log.period() + PATIENCE + TICK), now) => {
            Ok(())
        }
        Ok(()) => violation(Invariant::InactiveTokensAreRefused),
        Err(RefusalKind::InactiveToken) => {
            let was_inactive = log.was(false, token, since(refusal_period(log.period())), now);
            if was_inactive { Ok(()) } else { violation(Invariant::NoValidRequestFails) }
        }
        Err(RefusalKind::WrongAudience) => {
            let from = since(refusal_period(log.period()));
            let mut ends = log.about(token).filter_map(|question| question.end);
            let was_refused =
                ends.any(|(at, outcome)| outcome == Outcome::Unacceptable && at >= from);
            if was_refused { Ok(()) } else { violation(Invariant::RefusalsNameTheCause) }
        }
        Err(RefusalKind::Expired) if has_ended => Ok(()),
        Err(RefusalKind::IntrospectionUnavailable) => {
            if is_excused(log, check, result) {
                Ok(())
            } else {
                violation(Invariant::NoValidRequestFails)
            }
        }
        Err(_) => violation(Invariant::RefusalsNameTheCause),
    }
}

/// Returns true if the server may refuse a request because it has no answer. A question about the
/// token must have failed. For a token that is not known to be active there are two more reasons:
/// other unknown tokens used up the questions, or their questions occupied the endpoint.
fn is_excused(log: &Log, check: &QuestionCheck, result: &CallResult) -> bool {
    let CallResult { token, arrived_at, .. } = *result;
    let since = arrived_at.saturating_sub(FAILURE_PERIOD);
    let has_failed = log
        .about(token)
        .filter_map(|question| question.end)
        .any(|(at, outcome)| matches!(outcome, Outcome::Failed | Outcome::Dropped) && at >= since);
    if has_failed {
        return true;
    }
    let recently = arrived_at.saturating_sub(PATIENCE * 4);
    let unknown = log.unknown_arrivals.iter().rev().take_while(|at| **at >= recently).count();
    let is_busy =
        check.busy_until.is_some_and(|until| until.saturating_add(PATIENCE) >= arrived_at);
    !log.is_known(token) && (unknown >= BURST || is_busy)
}

/// Returns true if the leeway of JWTs decides about a token at this moment.
pub(super) fn is_in_leeway(token: Token, now: Moment) -> bool {
    token.expires_by(now) && now <= VALID + LEEWAY
}
