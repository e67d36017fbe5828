//! Revocations and used DPoP proofs that all instances of the program share through Redis.

mod variables;

use std::time::Duration;

use axum_protected::ResourceServerBuilder;
use axum_protected::revocation::{FeedOutage, RevocationFeed, RevocationLog};
use axum_protected_redis::{Redis, RedisConfigError, RedisConfiguration, RedisSettings};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

pub(crate) use self::variables::VARIABLES;

/// The time within which a program that requires the feed must have read it.
const PATIENCE: Duration = Duration::from_secs(10);

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
        let description = Description {
            outage: self.outage,
            required: self.required,
            horizon_seconds: self.horizon_seconds.unwrap_or(DEFAULT_HORIZON_SECONDS),
            redis: redis.configuration(),
        };
        Ok(SharedRevocations { redis, description })
    }
}

/// The horizon of [`RevocationFeed`] without a setting.
const DEFAULT_HORIZON_SECONDS: u64 = 24 * 3600;

/// The Redis through which instances share their revocations, and the description of its settings.
#[derive(Debug)]
pub struct SharedRevocations {
    redis: Redis,
    description: Description,
}

/// The settings with all defaults applied, without secrets.
#[derive(Debug, Serialize)]
struct Description {
    outage: FeedOutage,
    required: bool,
    horizon_seconds: u64,
    redis: RedisConfiguration,
}

impl SharedRevocations {
    /// Adds the feed to the settings of a server, and the store of used proofs.
    pub(crate) fn add_to(&self, builder: ResourceServerBuilder) -> ResourceServerBuilder {
        let Description { outage, required, horizon_seconds, .. } = self.description;
        let feed = RevocationFeed::new(self.redis.revocation_log())
            .outage(outage)
            .horizon(Duration::from_secs(horizon_seconds));
        let feed = if required { feed.required() } else { feed };
        builder.revocation_feed(feed).replay_store(self.redis.proofs())
    }

    /// Returns the settings as the table `revocation` of a configuration file, without secrets.
    ///
    /// # Errors
    ///
    /// Returns an error if TOML cannot express a value.
    pub fn describe(&self) -> Result<String, toml::ser::Error> {
        #[derive(Serialize)]
        struct Table<'a> {
            revocation: &'a Description,
        }
        toml::to_string(&Table { revocation: &self.description })
    }

    /// Returns the URLs of the servers, without users and passwords.
    #[must_use]
    pub fn address(&self) -> String {
        self.description.redis.urls.join(", ")
    }

    /// Reads the log once. The error is the cause for which it cannot be read.
    ///
    /// # Errors
    ///
    /// Returns an error if the log does not answer.
    pub async fn check(&self) -> Result<(), String> {
        let log = self.redis.revocation_log();
        match log.read(None, 1, Duration::ZERO).await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Waits until the log can be read, if the settings require it.
    pub(crate) async fn wait(&self) -> Result<(), String> {
        if !self.description.required {
            return Ok(());
        }
        let deadline = Instant::now() + PATIENCE;
        while let Err(problem) = self.check().await {
            if Instant::now() >= deadline {
                return Err(format!(
                    "the revocations at {} are required, and cannot be read: {problem}",
                    self.address()
                ));
            }
            sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}
