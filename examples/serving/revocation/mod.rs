//! Revocations and used DPoP proofs that all instances of the program share through Redis.

mod variables;

use std::collections::BTreeMap;
use std::time::Duration;

use axum_protected::revocation::{FeedHealth, FeedOutage, RevocationFeed};
use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_redis::{Redis, RedisConfigError, RedisSettings};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

pub(crate) use self::variables::{VARIABLES, check_names};

/// The time within which the log must have answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// The field `revocation` of a configuration file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevocationSettings {
    redis: RedisSettings,
    #[serde(default)]
    outage: FeedOutage,
    #[serde(default)]
    required: bool,
    horizon_seconds: Option<u64>,
}

impl RevocationSettings {
    /// Checks the settings. No connection is opened yet.
    pub(crate) fn open(self) -> Result<SharedRevocations, RedisConfigError> {
        let redis = self.redis.open()?;
        let feed = RevocationFeed::new(redis.revocation_log()).outage(self.outage);
        let feed = if self.required { feed.required() } else { feed };
        let feed = match self.horizon_seconds {
            Some(seconds) => feed.horizon(Duration::from_secs(seconds)),
            None => feed,
        };
        Ok(SharedRevocations { redis, feed, required: self.required })
    }
}

/// The Redis through which instances share their revocations.
#[derive(Debug)]
pub struct SharedRevocations {
    redis: Redis,
    feed: RevocationFeed,
    required: bool,
}

impl SharedRevocations {
    /// Adds the feed to the settings of a server, and the store of used proofs.
    pub(crate) fn add_to(&self, builder: ResourceServerBuilder) -> ResourceServerBuilder {
        builder.revocation_feed(self.feed.clone()).replay_store(self.redis.proofs())
    }

    /// Returns the settings of Redis as a table of a configuration file, without secrets. The
    /// description of the server has those of the feed.
    ///
    /// # Errors
    ///
    /// Returns an error if TOML cannot express a value.
    pub fn describe(&self) -> Result<String, toml::ser::Error> {
        let redis = BTreeMap::from([("redis", self.redis.configuration())]);
        toml::to_string(&BTreeMap::from([("revocation", redis)]))
    }

    /// Returns the URLs of the servers, without users and passwords.
    #[must_use]
    pub fn address(&self) -> String {
        self.redis.configuration().urls.join(", ")
    }

    /// Waits until the server has read the whole log once, or until reading it has failed once.
    /// Returns the health of the feed.
    ///
    /// # Errors
    ///
    /// Returns the address of Redis, and the reason for which the log was not read.
    pub async fn try_read(&self, server: &ResourceServer) -> Result<FeedHealth, String> {
        self.wait(server, |health| health.synchronized || health.last_error.is_some()).await
    }

    /// Waits until the server has read the whole log once, if the settings require it.
    pub(crate) async fn require(&self, server: &ResourceServer) -> Result<(), String> {
        if !self.required {
            return Ok(());
        }
        match self.wait(server, |health| health.synchronized).await {
            Ok(_) => Ok(()),
            Err(reason) => Err(format!("the required revocations cannot be read from {reason}")),
        }
    }

    /// Waits until the reading of the log has come to an end, or until the log has not answered for
    /// some seconds. A long log takes longer to read, and a program that ended then would never start.
    async fn wait(
        &self,
        server: &ResourceServer,
        is_over: impl Fn(&FeedHealth) -> bool,
    ) -> Result<FeedHealth, String> {
        let mut answered = Instant::now();
        loop {
            let Some(health) = server.health().revocation_feed else {
                return Err("the server has no feed".to_owned());
            };
            if health.last_error.is_none() {
                answered = Instant::now();
            }
            if is_over(&health) || answered.elapsed() >= PATIENCE {
                return match (health.synchronized, &health.last_error) {
                    (false, Some(error)) => Err(format!("{}: {error}", self.address())),
                    _ => Ok(health),
                };
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}
