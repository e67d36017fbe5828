//! A duration in a configuration file.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Reads a number of seconds without a fraction.
pub(super) fn whole_seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}
