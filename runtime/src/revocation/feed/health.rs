//! The health of a feed, for monitoring.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::settings::FeedOutage;
use super::state::FeedState;
use crate::lock::lock;

/// The state of the feed that shares revocations, as a part of
/// [`Health`](crate::server::Health).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct FeedHealth {
    /// The behaviour of the server while it is not up to date.
    pub outage: FeedOutage,
    /// True if the server refuses all tokens until it has read the whole log once.
    pub required: bool,
    /// True if the server had all revocations of the log within the last second.
    pub up_to_date: bool,
    /// True if the server has read the whole log once since its start.
    pub synchronized: bool,
    /// The time since the server last had all revocations of the log. `None` if it lacks one that
    /// the log has, or has not read the log yet. Serde serializes it as whole milliseconds.
    #[serde(rename = "heard_milliseconds", serialize_with = "milliseconds")]
    pub heard: Option<Duration>,
    /// The number of entries in the list of revocations, including some that have ended.
    pub entries: usize,
    /// The size of the entries in bytes, of which
    /// [`revocation_bytes`](crate::ResourceServerBuilder::revocation_bytes) is the limit.
    pub bytes: usize,
    /// The number of records in the log that this version cannot read. Each of them may be a
    /// revocation that this server lacks.
    pub unreadable: usize,
    /// True if an entry of the log did not fit into the list.
    pub overflow: bool,
    /// The number of revocations of this server that the log lacks as far as the server knows. It
    /// appends them when the log answers.
    pub unshared: usize,
    /// The error of the last call of the log. If it succeeded, the cause for which the server may lack
    /// revocations: a loss of records for whose repair it waits, an entry without room, or the position
    /// of an unreadable record. Otherwise `None`.
    pub last_error: Option<String>,
}

impl FeedHealth {
    pub(super) fn of(state: &FeedState) -> Self {
        let FeedState { shared, settings, .. } = state;
        let now = shared.now();
        let (entries, bytes) = {
            let list = shared.list();
            (list.len(), list.bytes())
        };
        let unshared = lock(&state.outbox).unshared();
        let report = state.report.borrow();
        Self {
            outage: settings.outage,
            required: settings.required,
            up_to_date: shared.freshness.is_up_to_date(now),
            synchronized: report.is_synchronized,
            heard: shared.freshness.age(now),
            entries,
            bytes,
            unreadable: report.unreadable,
            overflow: report.has_overflow,
            unshared,
            last_error: report.last_error(),
        }
    }
}

#[allow(clippy::ref_option, reason = "serde passes the field")]
fn milliseconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)).serialize(serializer)
}
