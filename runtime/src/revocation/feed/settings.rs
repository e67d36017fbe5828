//! The settings of a revocation feed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::log::RevocationLog;

/// Settings of the feed that shares revocations between all instances of a server, for
/// [`ResourceServerBuilder::revocation_feed`](crate::ResourceServerBuilder::revocation_feed).
#[derive(Clone)]
pub struct RevocationFeed {
    pub(crate) log: Arc<dyn RevocationLog>,
    pub(crate) outage: FeedOutage,
    pub(crate) required: bool,
    pub(crate) horizon: Duration,
}

/// Behaviour of a server that may lack a revocation of another instance: it has not heard from the log
/// for more than one second, or could not apply a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FeedOutage {
    /// Judges tokens by the revocations that are known. [`health`](crate::ResourceServer::health)
    /// states the outage.
    #[default]
    GoOn,
    /// Refuses all tokens with status 503 and the code `revocations_unavailable`.
    Refuse,
}

impl RevocationFeed {
    /// Creates the settings of a feed through this log.
    #[must_use]
    pub fn new(log: impl RevocationLog) -> Self {
        Self {
            log: Arc::new(log),
            outage: FeedOutage::default(),
            required: false,
            horizon: Duration::from_secs(24 * 3600),
        }
    }

    /// Sets the behaviour while the server may lack revocations. Default: [`FeedOutage::GoOn`].
    #[must_use]
    pub fn outage(mut self, outage: FeedOutage) -> Self {
        self.outage = outage;
        self
    }

    /// Refuses all tokens until the server has read the whole log once, also with
    /// [`FeedOutage::GoOn`]. Default: the server accepts tokens while it has not reached the log.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the longest time from now to the `until` of a revocation. Default: 24 hours.
    ///
    /// The log keeps each record until its `until`, so this time bounds the length of the log. It must
    /// not be shorter than the longest lifetime of a token.
    #[must_use]
    pub fn horizon(mut self, horizon: Duration) -> Self {
        self.horizon = horizon;
        self
    }
}

impl fmt::Debug for RevocationFeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RevocationFeed")
            .field("outage", &self.outage)
            .field("required", &self.required)
            .field("horizon", &self.horizon)
            .finish_non_exhaustive()
    }
}
