//! Functions that measure time and compute the median of several times. Other load on the machine
//! affects a median little.

use std::time::{Duration, Instant};

#[allow(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}

pub(crate) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
