//! The bounds that the guide's page on opaque tokens states. This file repeats the bounds as numbers,
//! so that the tests do not take the bounds from the code under test.

use std::time::Duration;

/// The time for which a failed question is not repeated.
pub(super) const FAILURE_PERIOD: Duration = Duration::from_secs(1);
/// The number of questions about unknown tokens per second.
pub(super) const RATE: u32 = 50;
/// The number of questions about unknown tokens that may reach an endpoint together: the questions of
/// 10 s, and those that have waited for up to 5 s.
pub(super) const RESERVE: f64 = 750.0;
/// The number of questions about unknown tokens that the server saves.
pub(super) const BURST: usize = 500;
/// The number of questions about unknown tokens that are under way at the same time, and of questions
/// about known tokens.
pub(super) const CONCURRENT: usize = 32;
/// The number of questions about unknown tokens that run or wait.
pub(super) const WAITING: usize = 1024;
/// The largest tolerated difference of clocks, which counts for JWTs about which nobody is asked.
pub(super) const LEEWAY: Duration = Duration::from_secs(60);

/// Returns the time for which the server uses the answer that a token is not active.
pub(super) fn refusal_period(period: Duration) -> Duration {
    period.min(Duration::from_secs(10))
}
