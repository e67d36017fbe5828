//! A time as one number, for entries of the list and for records of a log.

use std::time::{Duration, SystemTime};

/// Time in nanoseconds since 1970. A time outside of the range, which ends in the year 2554, is
/// moved into the range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(u64);

/// Number of nanoseconds in a second.
const SECOND: u64 = 1_000_000_000;

impl Timestamp {
    pub(super) const MAX: Self = Self(u64::MAX);

    pub(crate) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(nanoseconds(since))
    }

    /// Returns the time of these seconds and nanoseconds. Returns `None` outside of the range.
    pub(super) fn from_parts(seconds: u64, nanoseconds: u32) -> Option<Self> {
        seconds.checked_mul(SECOND)?.checked_add(u64::from(nanoseconds)).map(Self)
    }

    /// Returns the whole seconds, and the nanoseconds that remain.
    pub(super) fn parts(self) -> (u64, u32) {
        let rest = self.0.checked_rem(SECOND).unwrap_or_default();
        (self.0 / SECOND, u32::try_from(rest).unwrap_or_default())
    }

    pub(super) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(duration)))
    }

    pub(super) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanoseconds(duration)))
    }

    /// Returns the time between two times, in either order.
    pub(super) fn distance(self, other: Self) -> Duration {
        Duration::from_nanos(self.0.abs_diff(other.0))
    }

    pub(super) const fn as_nanoseconds(self) -> u64 {
        self.0
    }

    pub(super) const fn from_nanoseconds(nanoseconds: u64) -> Self {
        Self(nanoseconds)
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
