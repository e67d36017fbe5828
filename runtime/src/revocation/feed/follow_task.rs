//! The task that reads the log and applies its revocations to the list.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::entry::Entry;
use super::super::log::LogPage;
use super::super::shared::Application;
use super::super::target::Revocation;
use super::super::timestamp::Timestamp;
use super::backoff::Backoff;
use super::call::{TIME_LIMIT, answer};
use super::page_request::{HEARTBEAT, Request};
use super::receipt::{Applied, Receipt, Verdict};
use super::state::FeedState;
use crate::background_task::Pulse;
use crate::lock::lock;
use crate::telemetry;

/// Number of revocations that are applied before the task lets other tasks run.
const SLICE: usize = 100;

/// Number of entries that are examined before the task lets other tasks run.
const SEARCH_SLICE: usize = 1000;

/// Longest pause in milliseconds before the server appends again what the log lacks. The pause is
/// random, so that one of several instances appends and the others see it.
const REPAIR_PAUSE: u64 = 250;

/// Follows the log, in an endless loop.
pub(super) async fn follow(state: Arc<FeedState>, pulse: Arc<Pulse>, mut rng: Rng) {
    // An earlier task may have ended before it applied the revocations of a page.
    lock(&state.follower).restart();
    let (mut failures, mut resyncs) = (Backoff::default(), Backoff::default());
    loop {
        let (started, sent) = (Instant::now(), state.shared.now());
        let latest_ended = state.shared.take_latest_ended(sent.minus(state.shared.leeway()));
        let request = lock(&state.follower).request(sent, latest_ended);
        if let Some(cause) = request.resync {
            telemetry::revocations_resync(cause.name());
        }
        let number = state.next_page();
        let page = match pulse.during(read(&state, request)).await {
            Ok(page) => page,
            Err(error) => {
                state.read_failed(&error);
                lock(&state.follower).size.shrink();
                pulse.during(sleep(failures.pause(&mut rng))).await;
                continue;
            }
        };
        failures.reset();
        let is_empty = page.records.is_empty();
        let verdict = receive(&state, &page, (started, sent), number, &mut rng).await;
        match verdict {
            Verdict::Behind | Verdict::CaughtUp { ends_resync: true } => {}
            Verdict::CaughtUp { ends_resync: false } => {
                resyncs.reset();
                if is_empty {
                    // A log that answers early is not asked more often.
                    sleep_until(started + HEARTBEAT).await;
                }
            }
            Verdict::Resync(cause) => {
                telemetry::revocations_resync(cause.name());
                pulse.during(sleep(resyncs.pause(&mut rng))).await;
            }
        }
    }
}

async fn read(state: &FeedState, request: Request) -> Result<LogPage, String> {
    let call = state.settings.log.read(request.after, request.limit, request.wait);
    answer(call, request.wait.saturating_add(TIME_LIMIT)).await
}

/// Applies a page that was requested at this time, by both clocks, as the page with this number.
async fn receive(
    state: &FeedState,
    page: &LogPage,
    (started, sent): (Instant, Timestamp),
    number: u64,
    rng: &mut Rng,
) -> Verdict {
    let is_following = lock(&state.follower).lineage().is_some();
    let receipt = lock(&state.follower).receive(page, state.shared.now());
    let Receipt { revocations, generation, unreadable, verdict } = receipt;
    if let Some((position, count)) = unreadable {
        telemetry::revocation_unreadable(&position, count);
    }
    let applied = apply(state, revocations, generation, is_following).await;
    let is_complete = conclude(state, verdict, applied);
    let Verdict::CaughtUp { ends_resync } = verdict else {
        lock(&state.outbox).log_answers(None, |_| true);
        state.append.notify_one();
        return verdict;
    };
    if is_complete {
        state.shared.freshness.record_complete(started, sent);
    } else {
        state.shared.freshness.record_incomplete();
    }
    telemetry::revocations_heard(state.shared.list().len(), is_complete);
    state.report.send_modify(|report| report.is_synchronized = true);
    state.shared.freshness.record_synchronized();
    let needs_search = {
        let mut outbox = lock(&state.outbox);
        outbox.log_answers(Some(number), |entry| state.is_missing(entry, generation));
        ends_resync || outbox.needs_search()
    };
    if needs_search {
        search(state, generation, rng).await;
    }
    state.append.notify_one();
    verdict
}

/// Applies revocations that the log has in this generation.
async fn apply(
    state: &FeedState,
    revocations: Vec<(Revocation, Timestamp)>,
    generation: u32,
    is_following: bool,
) -> Applied {
    let mut applied = Applied::default();
    let mut concerns_more = false;
    // Entries that a record of the log extended, and that the log may lack.
    let mut extended = Vec::new();
    let mut rest = revocations.into_iter();
    while rest.len() > 0 {
        for (revocation, until) in rest.by_ref().take(SLICE) {
            match state.shared.apply(revocation, until, generation) {
                Application::Known | Application::Foreign => {}
                Application::Inserted(inserted) => {
                    concerns_more |= inserted.concerns_more;
                    extended.extend(Some(inserted.entry).filter(|entry| entry.generation() == 0));
                }
                Application::Ended => applied.latest_ended = applied.latest_ended.max(until),
                Application::Full => applied.is_full = true,
            }
        }
        yield_now().await;
    }
    if concerns_more {
        state.shared.notify();
    }
    // The end of a resync searches the list.
    if is_following {
        lock(&state.outbox).repair(extended);
    }
    applied
}

/// Records the result of applying a page. Returns true if the list has all revocations of the log.
fn conclude(state: &FeedState, verdict: Verdict, applied: Applied) -> bool {
    let mut follower = lock(&state.follower);
    let now = state.shared.now();
    let is_complete = follower.conclude(verdict, applied, now);
    let loss = follower.loss(now);
    let has_overflow = follower.has_overflow();
    let (unreadable, first) = (follower.unreadable.count(), follower.unreadable.first());
    drop(follower);
    let (mut is_new, mut was_failing) = (false, false);
    state.report.send_modify(|report| {
        is_new = has_overflow && !report.has_overflow;
        report.has_overflow = has_overflow;
        report.unreadable = unreadable;
        report.first_unreadable = first;
        report.loss = loss;
        was_failing = report.is_failing();
        report.record_read(match verdict {
            Verdict::Resync(cause) => Err(cause.text().to_owned()),
            _ => Ok(()),
        });
    });
    if was_failing && !matches!(verdict, Verdict::Resync(_)) {
        telemetry::revocations_read_again();
    }
    if is_new {
        telemetry::revocations_overflow();
    }
    is_complete
}

/// Puts all entries into the outbox that the log does not have in this generation.
async fn search(state: &FeedState, generation: u32, rng: &mut Rng) {
    let cutoff = state.shared.cutoff();
    let mut missing = VecDeque::new();
    let mut last: Option<Arc<Entry>> = None;
    loop {
        let part = state.shared.list().next(last.as_ref(), cutoff, SEARCH_SLICE);
        let Some(end) = part.last() else { break };
        last = Some(Arc::clone(end));
        missing.extend(part.into_iter().filter(|entry| entry.generation() != generation));
        yield_now().await;
    }
    if !missing.is_empty() {
        telemetry::revocations_missing(missing.len());
        // Several instances begin at different entries, and skip what they have seen of others.
        missing.rotate_left(rng.usize(0..missing.len()));
    }
    let begin = Instant::now() + Duration::from_millis(rng.u64(..=REPAIR_PAUSE));
    lock(&state.outbox).replace_repairs(missing, begin);
}
