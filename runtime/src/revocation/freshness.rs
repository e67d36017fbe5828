//! The time at which the server last had all revocations of the log, which requests read.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::feed::FeedOutage;
use super::timestamp::Timestamp;
use crate::error::Fault;

/// Longest time for which a server counts as up to date after it last had all revocations.
const BOUND: Duration = Duration::from_secs(1);

/// Value of `heard` while the server lacks revocations. No clock shows this time.
const NEVER: u64 = u64::MAX;

/// Freshness of the revocations.
#[derive(Debug)]
pub(super) struct Freshness {
    demand: Demand,
    /// Time of the clock at which the last request was sent whose answer completed the revocations, in
    /// nanoseconds.
    heard: AtomicU64,
    /// The same moment by the monotonic clock, in nanoseconds since `began`. The wall clock may have
    /// been set back during an outage, and the monotonic clock stands while the machine is suspended,
    /// so both must be recent.
    heard_after: AtomicU64,
    began: Instant,
    /// True after the server has read the whole log once.
    is_synchronized: AtomicBool,
}

/// Condition for accepting a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    Nothing,
    /// The server has read the whole log once.
    FirstReading,
    /// The server had all revocations within the last second.
    UpToDate,
}

impl Freshness {
    /// Creates the freshness of a server without a feed, which accepts tokens in any case.
    pub(super) fn not_demanded() -> Self {
        Self::with_demand(Demand::Nothing)
    }

    pub(super) fn new(outage: FeedOutage, required: bool) -> Self {
        Self::with_demand(match (outage, required) {
            (FeedOutage::Refuse, _) => Demand::UpToDate,
            (FeedOutage::GoOn, true) => Demand::FirstReading,
            (FeedOutage::GoOn, false) => Demand::Nothing,
        })
    }

    fn with_demand(demand: Demand) -> Self {
        Self {
            demand,
            heard: AtomicU64::new(NEVER),
            heard_after: AtomicU64::new(0),
            began: Instant::now(),
            is_synchronized: AtomicBool::new(false),
        }
    }

    /// Returns true if tokens may be refused because of an outage.
    #[inline]
    pub(super) fn is_demanded(&self) -> bool {
        self.demand != Demand::Nothing
    }

    /// Returns an error if tokens must be refused at this time.
    pub(super) fn judge(&self, now: SystemTime) -> Result<(), Fault> {
        match self.demand {
            Demand::Nothing => Ok(()),
            Demand::FirstReading if self.is_synchronized() => Ok(()),
            Demand::FirstReading => Err(Fault::RevocationsNotRead),
            Demand::UpToDate if self.is_up_to_date(Timestamp::of(now)) => Ok(()),
            Demand::UpToDate => Err(Fault::RevocationsOutdated),
        }
    }

    /// Records that the server now has all revocations that the log had at this time, by both clocks.
    pub(super) fn record_complete(&self, started: Instant, sent: Timestamp) {
        self.heard_after.store(self.nanoseconds(started), Ordering::Release);
        self.heard.store(sent.as_nanoseconds(), Ordering::Release);
    }

    /// Records that the server lacks a revocation that the log has.
    pub(super) fn record_incomplete(&self) {
        self.heard.store(NEVER, Ordering::Release);
    }

    /// Records that the server has read the whole log.
    pub(super) fn record_synchronized(&self) {
        self.is_synchronized.store(true, Ordering::Release);
    }

    pub(super) fn is_synchronized(&self) -> bool {
        self.is_synchronized.load(Ordering::Acquire)
    }

    /// Returns the time since the server last had all revocations.
    pub(super) fn age(&self, now: Timestamp) -> Option<Duration> {
        let heard = self.heard.load(Ordering::Acquire);
        (heard != NEVER).then(|| now.distance(Timestamp::from_nanoseconds(heard)))
    }

    /// Returns true if the server had all revocations within the last second. A clock that was set
    /// back counts as a difference too.
    pub(super) fn is_up_to_date(&self, now: Timestamp) -> bool {
        let heard = self.heard.load(Ordering::Acquire);
        heard != NEVER
            && now.distance(Timestamp::from_nanoseconds(heard)) <= BOUND
            && self.is_recent()
    }

    /// Returns true if the server had all revocations within the last second of the monotonic clock.
    fn is_recent(&self) -> bool {
        let heard_after = self.heard_after.load(Ordering::Acquire);
        let age = self.nanoseconds(Instant::now()).saturating_sub(heard_after);
        u128::from(age) <= BOUND.as_nanos()
    }

    fn nanoseconds(&self, instant: Instant) -> u64 {
        let since = instant.saturating_duration_since(self.began);
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Returns true if an outage refuses tokens, also after the first reading.
    pub(super) fn refuses_outages(&self) -> bool {
        self.demand == Demand::UpToDate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn judge(freshness: &Freshness, milliseconds: u64) -> Option<Fault> {
        freshness.judge(START + Duration::from_millis(milliseconds)).err()
    }

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::of(START + Duration::from_millis(milliseconds))
    }

    #[test]
    fn refuse_accepts_for_one_second_in_both_directions() {
        let freshness = Freshness::new(FeedOutage::Refuse, false);
        let refused = Some(Fault::RevocationsOutdated);
        assert_eq!(judge(&freshness, 0), refused, "nothing was read");
        freshness.record_complete(Instant::now(), at(10_000));
        for (now, expected) in
            [(8_999, refused), (9_000, None), (10_000, None), (11_000, None), (11_001, refused)]
        {
            assert_eq!(judge(&freshness, now), expected, "{now}");
        }
        freshness.record_incomplete();
        assert_eq!(judge(&freshness, 10_000), refused);
    }

    #[test]
    fn the_age_is_unknown_while_the_server_lacks_revocations() {
        let freshness = Freshness::new(FeedOutage::Refuse, false);
        freshness.record_complete(Instant::now(), at(10_000));
        assert_eq!(freshness.age(at(12_000)), Some(Duration::from_secs(2)));
        freshness.record_incomplete();
        assert_eq!(freshness.age(at(10_000)), None);
    }

    /// The clock is set back by the time of a standstill, and a request comes before any task runs.
    #[tokio::test(start_paused = true)]
    async fn both_clocks_must_show_that_the_revocations_are_recent() {
        let freshness = Freshness::new(FeedOutage::Refuse, false);
        freshness.record_complete(Instant::now(), at(10_000));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(judge(&freshness, 10_000), None);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(judge(&freshness, 10_000), Some(Fault::RevocationsOutdated));
    }

    #[test]
    fn required_refuses_until_the_first_reading_only() {
        let freshness = Freshness::new(FeedOutage::GoOn, true);
        assert_eq!(judge(&freshness, 0), Some(Fault::RevocationsNotRead));
        freshness.record_synchronized();
        assert_eq!(judge(&freshness, 1_000_000), None);
    }

    #[test]
    fn go_on_accepts_always() {
        assert_eq!(judge(&Freshness::new(FeedOutage::GoOn, false), 0), None);
        assert_eq!(judge(&Freshness::not_demanded(), 0), None);
    }
}
