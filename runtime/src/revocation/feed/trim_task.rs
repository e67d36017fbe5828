//! The task that removes records from the log that have ended.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::time::sleep;

use super::super::log::{LogPage, LogPosition, LogState};
use super::super::record;
use super::call::{TIME_LIMIT, answer};
use super::page_request::{NO_WAIT, PAGE};
use super::state::FeedState;
use super::trim::Prefix;
use crate::lock::lock;
use crate::telemetry;

/// Time between two attempts in milliseconds. It varies by a quarter, so that one of several
/// instances trims and the others find nothing.
const INTERVAL: RangeInclusive<u64> = 45_000..=75_000;

/// Largest number of pages that one attempt reads.
const PAGES: usize = 64;

/// Removes ended records after the first reading of the log and about once a minute, in an endless
/// loop. A failure is tried again with the next attempt.
pub(super) async fn trim(state: Arc<FeedState>, mut rng: Rng) {
    let mut reports = state.report.subscribe();
    // The sender is a part of the state, so waiting ends only with the first reading.
    let _ = reports.wait_for(|report| report.is_synchronized).await;
    let mut last_error = None;
    loop {
        // While the log does not answer, the failures of other calls tell of it.
        if !state.report.borrow().is_failing() {
            let error = trim_once(&state).await.err();
            if let Some(text) = &error
                && error != last_error
            {
                telemetry::revocations_not_trimmed(text);
            }
            last_error = error;
        }
        sleep(Duration::from_millis(rng.u64(INTERVAL))).await;
    }
}

pub(super) async fn read(
    state: &FeedState,
    after: Option<LogPosition>,
    limit: usize,
) -> Result<LogPage, String> {
    answer(state.settings.log.read(after, limit, NO_WAIT), TIME_LIMIT).await
}

async fn trim_once(state: &FeedState) -> Result<(), String> {
    let Some(lineage) = lock(&state.follower).lineage().map(str::to_owned) else { return Ok(()) };
    // Removes nothing. A log that refuses it would get announcements for ever.
    trim_before(state, LogPosition::new(0, 0)).await?;
    let mut prefix = Prefix::new(state.shared.cutoff());
    for _ in 0..PAGES {
        let page = read(state, prefix.last(), PAGE).await?;
        if page.state.lineage != lineage {
            return Ok(());
        }
        let follower = lock(&state.follower);
        prefix.extend(&page.records, |position| follower.has_ended(position, page.state.last));
        if prefix.is_closed() || page.records.len() < PAGE {
            break;
        }
    }
    let Some(trimmed) = prefix.trimmed() else { return Ok(()) };
    let announcement = record::trimmed(trimmed, state.shared.now());
    answer(state.settings.log.append(vec![announcement]), TIME_LIMIT).await?;
    // In another log, and in one that was deleted and began again, records that have not ended may have
    // lower positions.
    let LogState { lineage: current, first, .. } = read(state, None, 1).await?.state;
    if current != lineage || first != Some(trimmed.from) {
        return Ok(());
    }
    trim_before(state, trimmed.before).await
}

async fn trim_before(state: &FeedState, before: LogPosition) -> Result<(), String> {
    answer(state.settings.log.trim(before), TIME_LIMIT).await
}
