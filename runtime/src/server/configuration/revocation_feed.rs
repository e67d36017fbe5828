//! The description of the settings of a revocation feed, for the operator.

use std::time::Duration;

use serde::Serialize;

use super::seconds;
use crate::revocation::{FeedOutage, RevocationFeed};

/// The settings of a revocation feed with all defaults applied, as part of a
/// [`Configuration`](super::Configuration).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RevocationFeedConfiguration {
    /// The behaviour of the server while it may lack revocations.
    pub outage: FeedOutage,
    /// True if the server refuses all tokens until it has read the whole log once.
    pub required: bool,
    /// The longest time from now to the `until` of a revocation. Serde serializes it as whole
    /// seconds.
    #[serde(rename = "horizon_seconds", serialize_with = "seconds")]
    pub horizon: Duration,
}

impl RevocationFeedConfiguration {
    pub(in crate::server) fn of(feed: &RevocationFeed) -> Self {
        Self { outage: feed.outage, required: feed.required, horizon: feed.horizon }
    }
}
