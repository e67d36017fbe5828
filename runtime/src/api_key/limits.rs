//! The limits of look-ups.

use std::time::Duration;

/// The limits that are set.
#[derive(Debug, Clone, Default)]
pub(super) struct LimitSettings {
    pub(super) cache_period: Option<Duration>,
    pub(super) unknown_period: Option<Duration>,
    pub(super) timeout: Option<Duration>,
    pub(super) concurrent: Option<usize>,
    pub(super) unknown_rate: Option<u32>,
    pub(super) cache_bytes: Option<usize>,
}

impl LimitSettings {
    /// Returns these limits, replaced by those that `later` sets.
    pub(super) fn merge(&self, later: &Self) -> Self {
        Self {
            cache_period: later.cache_period.or(self.cache_period),
            unknown_period: later.unknown_period.or(self.unknown_period),
            timeout: later.timeout.or(self.timeout),
            concurrent: later.concurrent.or(self.concurrent),
            unknown_rate: later.unknown_rate.or(self.unknown_rate),
            cache_bytes: later.cache_bytes.or(self.cache_bytes),
        }
    }

    /// Returns all limits, with the defaults of those that are not set.
    pub(super) fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            cache_period: self.cache_period.unwrap_or(default.cache_period),
            unknown_period: self.unknown_period.unwrap_or(default.unknown_period),
            timeout: self.timeout.unwrap_or(default.timeout),
            concurrent: self.concurrent.unwrap_or(default.concurrent),
            unknown_rate: self.unknown_rate.unwrap_or(default.unknown_rate),
            cache_bytes: self.cache_bytes.unwrap_or(default.cache_bytes),
        }
    }
}

/// The limits of look-ups and of the cache of their results.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) cache_period: Duration,
    pub(super) unknown_period: Duration,
    pub(super) timeout: Duration,
    pub(super) concurrent: usize,
    pub(super) unknown_rate: u32,
    pub(super) cache_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cache_period: Duration::from_secs(60),
            unknown_period: Duration::from_secs(10),
            timeout: Duration::from_secs(3),
            concurrent: 32,
            unknown_rate: 100,
            cache_bytes: 8 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// Adds the problems of limits that are out of range.
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        let hour = Duration::from_secs(3600);
        let second = Duration::from_secs(1);
        let minute = Duration::from_secs(60);
        let checks = [
            ("cache_period", (second..=hour).contains(&self.cache_period), "from 1 s to 3600 s"),
            (
                "unknown_period",
                (second..=hour).contains(&self.unknown_period),
                "from 1 s to 3600 s",
            ),
            (
                "look_up_timeout",
                (Duration::from_millis(1)..=minute).contains(&self.timeout),
                "from 1 ms to 60 s",
            ),
            ("concurrent_look_ups", (1..=10_000).contains(&self.concurrent), "from 1 to 10000"),
            ("unknown_look_ups_per_second", self.unknown_rate > 0, "at least 1"),
            ("cache_bytes", self.cache_bytes >= 256 * 1024, "at least 262144"),
        ];
        let wrong = checks.into_iter().filter(|(_, is_valid, _)| !is_valid);
        problems.extend(
            wrong.map(|(name, _, range)| format!("the `{name}` of the API keys is not {range}")),
        );
    }
}
