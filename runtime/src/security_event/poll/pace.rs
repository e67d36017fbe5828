//! Decides when the next poll request is due, and if the transmitter may hold it. This module reads
//! no clock.

use std::time::Duration;

use tokio::time::Instant;

/// Time for which the transmitter may hold a request until it has an event.
pub(crate) const LONG_POLL: Duration = Duration::from_secs(25);

/// Shortest time between two requests if the first one brought new events and the transmitter has more
/// (RFC 8936 section 2.3, `moreAvailable`). A request to a real transmitter takes longer, so that the
/// next one follows immediately. This time bounds the rate if a transmitter always has more.
const MORE_INTERVAL: Duration = Duration::from_millis(10);

/// Shortest time between two requests if the first one brought events. It bounds the rate if a
/// transmitter does not read the replies, and sends the same events again.
const INTERVAL: Duration = Duration::from_millis(100);

/// Shortest time between two requests if the first one brought no event, because some transmitters
/// never hold a request.
const QUIET_INTERVAL: Duration = Duration::from_secs(2);

/// Shortest and longest time between two attempts while requests fail.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Longest time after which the transmitter sends an event again that could not be accepted. One such
/// event must not delay the others for longer, because the transmitter then never holds a request.
const LONGEST_DEFERRED: Duration = Duration::from_secs(5);

/// Longest time for which a transmitter may defer the next request with `Retry-After`.
const LONGEST_DEFERMENT: Duration = Duration::from_secs(300);

/// Most events that a response may have, if they are not too long together.
const MAX_EVENTS: usize = 100;

/// Number of events by which the limit grows with each response, after one that was too long.
const GROWTH: usize = 5;

/// Result of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Events that were all acknowledged or reported.
    Events,
    /// Events of which at least one was new and accepted, and the transmitter has more.
    More,
    /// A response without events.
    Nothing,
    /// No response to a request that the transmitter may hold.
    Silence,
    /// An event that this server cannot accept now, and that the transmitter must send again.
    Deferred,
    /// The response was too long.
    TooLong,
    /// Any other failure, with the time for which the transmitter asks to wait.
    Failure(Option<Duration>),
}

/// Times of the requests to one transmitter.
#[derive(Debug)]
pub(crate) struct PollPace {
    /// The number of requests that failed one after the other.
    failures: u32,
    /// True if the transmitter answered the last request. Otherwise the next request must be answered
    /// immediately: a transmitter that cannot be reached looks like one that has no events.
    has_answered: bool,
    max_events: usize,
}

impl PollPace {
    pub(crate) fn new() -> Self {
        Self { failures: 0, has_answered: false, max_events: MAX_EVENTS }
    }

    /// Returns true if the transmitter may hold the next request.
    pub(crate) fn is_long_poll(&self) -> bool {
        self.has_answered
    }

    /// Returns the number of events that the next response may have.
    pub(crate) fn max_events(&self) -> usize {
        self.max_events
    }

    /// Records the outcome of the request that began at `began`, and returns the time of the next
    /// request. `jitter` is between 0 and 1.
    pub(crate) fn record(
        &mut self,
        outcome: Outcome,
        began: Instant,
        now: Instant,
        jitter: f64,
    ) -> Instant {
        self.has_answered = matches!(outcome, Outcome::Events | Outcome::More | Outcome::Nothing);
        match outcome {
            // A transmitter that is silent has not failed before the next request is unanswered too.
            Outcome::Silence => return now,
            Outcome::Events => return self.answered(began + INTERVAL, now),
            Outcome::More => return self.answered(began + MORE_INTERVAL, now),
            Outcome::Nothing => return self.answered(began + QUIET_INTERVAL, now),
            Outcome::TooLong => self.max_events = (self.max_events / 2).max(1),
            Outcome::Deferred | Outcome::Failure(_) => {}
        }
        let delay = backoff(self.failures, jitter);
        self.failures = self.failures.saturating_add(1);
        now + match outcome {
            Outcome::Deferred => delay.min(LONGEST_DEFERRED),
            Outcome::Failure(Some(wait)) => delay.max(wait.min(LONGEST_DEFERMENT)),
            _ => delay,
        }
    }

    /// Records a usable response. Returns the time of the next request, which is `next` if that is
    /// ahead.
    fn answered(&mut self, next: Instant, now: Instant) -> Instant {
        self.failures = 0;
        self.max_events = self.max_events.saturating_add(GROWTH).min(MAX_EVENTS);
        now.max(next)
    }
}

/// Returns the time until the next attempt after this number of earlier failures.
fn backoff(failures: u32, jitter: f64) -> Duration {
    let (least, most) = RETRY;
    let longest = least.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(most);
    longest.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0)).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_next_request_follows_from_the_last_one() {
        use Outcome::{Deferred, Events, Failure, More, Nothing, Silence, TooLong};
        let seconds = Duration::from_secs;
        // (outcome, duration of the request, time to the next one, may be held)
        for (outcome, took, wait, is_long_poll) in [
            (Events, millis(1), millis(99), true),
            (Events, seconds(20), millis(0), true),
            (More, millis(1), millis(9), true),
            (More, millis(10), millis(0), true),
            (More, seconds(20), millis(0), true),
            (Nothing, millis(1), millis(1999), true),
            (Nothing, seconds(20), millis(0), true),
            (Silence, seconds(30), millis(0), false),
            (Deferred, millis(1), seconds(1), false),
            (TooLong, millis(1), seconds(1), false),
            (Failure(None), millis(1), seconds(1), false),
            (Failure(Some(seconds(7))), millis(1), seconds(7), false),
            (Failure(Some(seconds(0))), millis(1), seconds(1), false),
            (Failure(Some(seconds(u64::MAX))), millis(1), seconds(300), false),
        ] {
            let mut pace = PollPace::new();
            assert!(!pace.is_long_poll(), "the first request is answered immediately");
            let began = Instant::now();
            let now = began + took;
            assert_eq!(pace.record(outcome, began, now, 1.0) - now, wait, "{outcome:?} {took:?}");
            assert_eq!(pace.is_long_poll(), is_long_poll, "{outcome:?}");
        }
    }

    #[test]
    fn failures_make_the_times_longer_and_a_response_ends_them() {
        let mut pace = PollPace::new();
        let now = Instant::now();
        let mut wait = |outcome, jitter| (pace.record(outcome, now, now, jitter) - now).as_secs();
        let waits: Vec<_> = (0..8).map(|_| wait(Outcome::Failure(None), 1.0)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(wait(Outcome::Deferred, 0.0), 5);
        // Silence alone is not a success.
        wait(Outcome::Silence, 1.0);
        assert_eq!(wait(Outcome::Failure(None), 0.5), 45);
        wait(Outcome::Nothing, 1.0);
        assert_eq!(wait(Outcome::Failure(None), 0.0), 1);
        for _ in 0..100 {
            assert!(wait(Outcome::Failure(None), 2.0) <= 60);
        }
    }

    #[test]
    fn a_response_that_is_too_long_makes_the_next_one_shorter() {
        let mut pace = PollPace::new();
        let now = Instant::now();
        let mut next = |outcome| {
            pace.record(outcome, now, now, 0.0);
            pace.max_events()
        };
        let shrunk: Vec<_> = (0..8).map(|_| next(Outcome::TooLong)).collect();
        assert_eq!(shrunk, [50, 25, 12, 6, 3, 1, 1, 1]);
        assert_eq!(next(Outcome::Failure(None)), 1);
        let grown: Vec<_> = (0..8).map(|_| next(Outcome::Events)).collect();
        assert_eq!(grown, [6, 11, 16, 21, 26, 31, 36, 41]);
    }
}
