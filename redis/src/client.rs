//! The servers of the settings, and what they are used for.

use std::fmt;
use std::sync::Arc;

use crate::configuration::RedisConfiguration;
use crate::deployment::Deployment;
use crate::log::RedisLog;
use crate::proofs::RedisProofs;

/// Redis or Valkey, as [`RedisSettings`](crate::RedisSettings) describe it. No connection is open
/// until a log or a store needs it. Cloning is cheap.
#[derive(Clone)]
pub struct Redis(Arc<Deployment>);

impl Redis {
    pub(crate) fn new(deployment: Deployment) -> Self {
        Self(Arc::new(deployment))
    }

    /// Returns the settings with their defaults. A program can print them when it starts.
    ///
    /// ```
    /// use axum_protected_redis::RedisSettings;
    ///
    /// let redis = RedisSettings::new("redis://user:password@redis.internal").open()?;
    /// assert_eq!(redis.configuration().urls, ["redis://redis.internal:6379"]);
    /// # Ok::<(), axum_protected_redis::RedisConfigError>(())
    /// ```
    #[must_use]
    pub fn configuration(&self) -> RedisConfiguration {
        RedisConfiguration::of(&self.0)
    }

    /// Returns the log of revocations. It has two connections of its own: one to read, which waits at
    /// the server for new records, and one to append.
    #[must_use]
    pub fn revocation_log(&self) -> RedisLog {
        RedisLog::new(&self.0)
    }

    /// Returns the store of used DPoP proofs. It has one connection of its own, or one for each node
    /// of a cluster. All requests share it.
    #[must_use]
    pub fn proofs(&self) -> RedisProofs {
        RedisProofs::new(&self.0)
    }
}

/// Shows the addresses of the servers.
impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Redis")
            .field("addresses", &self.0.addresses)
            .finish_non_exhaustive()
    }
}
