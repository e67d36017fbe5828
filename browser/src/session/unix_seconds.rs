//! Times as whole seconds since the Unix epoch, rounded down.

use std::time::{Duration, SystemTime};

use serde::{Deserialize as _, Deserializer, Serializer, de};

pub(super) fn serialize<S: Serializer>(
    time: &SystemTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let since_epoch = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    serializer.serialize_u64(since_epoch.as_secs())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SystemTime, D::Error> {
    let seconds = Duration::from_secs(u64::deserialize(deserializer)?);
    SystemTime::UNIX_EPOCH
        .checked_add(seconds)
        .ok_or_else(|| de::Error::custom("the time is too late for this system"))
}
