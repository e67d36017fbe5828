//! The settings of Redis, as code and files contain them.

mod deserialization;
mod url;
mod validation;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub(crate) use self::url::RedisUrl;

use self::deserialization::{secret, whole_seconds};
use crate::client::Redis;
use crate::error::RedisConfigError;

/// Settings of the connections to Redis or Valkey: one server, a primary that Sentinel names, or a
/// cluster.
///
/// In a file, the settings are a table with the names of the methods, or only a text, which is the
/// URL. Several URLs are the list `urls`, `cluster` is `true` or `false`, and the response timeout is
/// `response_timeout_seconds`, a whole number.
///
/// ```
/// use axum_protected_redis::RedisSettings;
///
/// let redis = RedisSettings::new("rediss://redis.internal:6379")
///     .username("items-api")
///     .password("a secret")
///     .open()?;
/// # Ok::<(), axum_protected_redis::RedisConfigError>(())
/// ```
#[derive(Clone)]
pub struct RedisSettings(Table);

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    url: Option<String>,
    #[serde(default)]
    urls: Vec<String>,
    sentinel: Option<String>,
    #[serde(default)]
    cluster: bool,
    username: Option<String>,
    #[serde(default, deserialize_with = "secret")]
    password: Option<String>,
    password_file: Option<PathBuf>,
    sentinel_username: Option<String>,
    #[serde(default, deserialize_with = "secret")]
    sentinel_password: Option<String>,
    sentinel_password_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    client_certificate_file: Option<PathBuf>,
    client_key_file: Option<PathBuf>,
    stream: Option<String>,
    proof_prefix: Option<String>,
    #[serde(default)]
    replicas: u8,
    #[serde(default, rename = "response_timeout_seconds", deserialize_with = "whole_seconds")]
    response_timeout: Option<Duration>,
}

impl RedisSettings {
    /// Creates the settings of a server with this URL:
    /// `redis://user:password@host:6379/0`, or `rediss://` for TLS. All parts except for the host are
    /// optional. Special characters in the user and the password are percent-encoded. The schemes
    /// `valkey` and `valkeys` mean the same.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(Table { urls: vec![url.into()], ..Table::default() })
    }

    /// Adds the URL of another sentinel, or of another node of the cluster. Each server must be
    /// reachable by at least one of the URLs. Call this method once for each URL.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.0.urls.push(url.into());
        self
    }

    /// Makes the URLs those of sentinels, which know the address of the primary with this name. Each
    /// new connection asks the sentinels first.
    ///
    /// The URLs then have neither a user nor a password: [`username`](Self::username) and
    /// [`password`](Self::password) are for the primary,
    /// [`sentinel_password`](Self::sentinel_password) is for the sentinels. With `rediss`, both must
    /// have TLS.
    #[must_use]
    pub fn sentinel(mut self, primary: impl Into<String>) -> Self {
        self.0.sentinel = Some(primary.into());
        self
    }

    /// Makes the URLs those of nodes of a Redis Cluster.
    ///
    /// The stream has one key, so one node of the cluster has the log. The used proofs are on all
    /// nodes.
    #[must_use]
    pub fn cluster(mut self) -> Self {
        self.0.cluster = true;
        self
    }

    /// Sets the user of the access control list. Default: the user in the URL, or `default`.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.0.username = Some(username.into());
        self
    }

    /// Sets the password. Default: the password in the URL, or none.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.0.password = Some(password.into());
        self
    }

    /// Sets the file that contains the password. White space at the end of the file is ignored. The
    /// file is read again for each new connection.
    #[must_use]
    pub fn password_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.password_file = Some(path.into());
        self
    }

    /// Sets the user at the sentinels.
    #[must_use]
    pub fn sentinel_username(mut self, username: impl Into<String>) -> Self {
        self.0.sentinel_username = Some(username.into());
        self
    }

    /// Sets the password at the sentinels. Default: none.
    #[must_use]
    pub fn sentinel_password(mut self, password: impl Into<String>) -> Self {
        self.0.sentinel_password = Some(password.into());
        self
    }

    /// Sets the file that contains the password at the sentinels, like
    /// [`password_file`](Self::password_file).
    #[must_use]
    pub fn sentinel_password_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.sentinel_password_file = Some(path.into());
        self
    }

    /// Sets a file in PEM with the root certificates that are trusted besides those of the system.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.ca_file = Some(path.into());
        self
    }

    /// Sets the files in PEM with the certificate that is presented to the servers, followed by its
    /// intermediate certificates, and with its private key.
    ///
    /// In a file, these are `client_certificate_file` and `client_key_file`.
    #[must_use]
    pub fn client_certificate_files(
        mut self,
        certificate: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.0.client_certificate_file = Some(certificate.into());
        self.0.client_key_file = Some(key.into());
        self
    }

    /// Sets the key of the stream with the revocations. Default: `axum-protected:revocations`. APIs
    /// that trust different issuers may share a stream.
    #[must_use]
    pub fn stream(mut self, key: impl Into<String>) -> Self {
        self.0.stream = Some(key.into());
        self
    }

    /// Sets the beginning of the keys of used proofs. Default: `axum-protected:proof:`.
    #[must_use]
    pub fn proof_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.0.proof_prefix = Some(prefix.into());
        self
    }

    /// Sets the number of replicas that must confirm each revocation (`WAIT`). Default: 0.
    ///
    /// A primary that does not have as many replicas is not read either: it may be an old primary
    /// that does not know of the new one. The number must be at most the number of replicas that the
    /// primary still has after a failover.
    #[must_use]
    pub fn replicas(mut self, replicas: u8) -> Self {
        self.0.replicas = replicas;
        self
    }

    /// Sets the time in which a server must accept a connection, and in which it must answer a call.
    /// Default: 2 s. At least 100 ms and at most 60 s. A proof is never waited for longer than 2.5 s.
    #[must_use]
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.0.response_timeout = Some(timeout);
        self
    }

    /// Checks the settings and reads the files. Opens no connection: each connection is opened when
    /// it is needed.
    ///
    /// # Errors
    ///
    /// Returns all problems of the settings.
    pub fn open(self) -> Result<Redis, RedisConfigError> {
        validation::deployment(self.0).map(Redis::new)
    }
}

/// Shows the names of the settings that are set, and no URL: a URL may contain a password.
impl fmt::Debug for RedisSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisSettings")
            .field("sentinel", &self.0.sentinel)
            .field("cluster", &self.0.cluster)
            .field("stream", &self.0.stream)
            .field("proof_prefix", &self.0.proof_prefix)
            .field("replicas", &self.0.replicas)
            .finish_non_exhaustive()
    }
}
