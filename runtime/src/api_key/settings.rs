//! The settings of API keys.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::digest::KeyDigest;
use super::error::ApiKeysError;
use super::file::{self, FileSettings};
use super::generated::GeneratedKey;
use super::key::ApiKey;
use super::limits::LimitSettings;
use super::look_up::LookUp;
use super::place::PlaceSetting;
use crate::json::Distinct;

/// The API keys of a server: the place of a key in a request, the configured keys, and the look-up
/// of further keys.
///
/// [`ResourceServerBuilder::api_keys`](crate::ResourceServerBuilder::api_keys) takes these settings.
/// A key is presented in the header `X-API-Key`, unless [`header`](Self::header),
/// [`scheme`](Self::scheme) or [`bearer_prefix`](Self::bearer_prefix) sets another place. A server
/// has one place.
///
/// ```
/// use axum_protected::ResourceServer;
/// use axum_protected::api_key::{ApiKey, ApiKeys};
///
/// let generated = ApiKeys::generate("items")?;
/// println!("the key of the build server: {}", generated.key());
///
/// let build_server = ApiKey::new(generated.digest()).subject("ci").scopes(["items:read"]);
/// let server = ResourceServer::builder().api_keys(ApiKeys::new().key(build_server)).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In a configuration file, `api_keys` has the fields `header`, `scheme`, `bearer_prefix` and
/// `keys`. A key has the fields `sha256`, `subject`, `client`, `scopes`, `roles`, `claims`,
/// `expires_at` (text such as `2027-01-31T00:00:00Z`) and `name`:
///
/// ```
/// use axum_protected::ResourceServerBuilder;
///
/// let file = r#"
///     [[api_keys.keys]]
///     sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
///     subject = "ci"
///     scopes = ["items:read"]
/// "#;
/// let server = toml::from_str::<ResourceServerBuilder>(file)?.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "API keys have no effect until a builder has them"]
pub struct ApiKeys {
    pub(super) places: Vec<PlaceSetting>,
    pub(super) keys: Vec<ApiKey>,
    pub(super) look_up: Option<LookUp>,
    pub(super) limits: LimitSettings,
    /// The problems of a configuration file.
    pub(super) problems: Vec<String>,
}

impl ApiKeys {
    /// Creates settings without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a new key of 256 random bits with this prefix, such as `items` or `items_live`.
    ///
    /// The key is the prefix, an underscore, 43 random digits of base 62, and the CRC-32 of these
    /// digits in 6 digits of base 62. The tokens of GitHub have the same form. A secret scanner
    /// finds the key by the prefix, and recognises it by the checksum without asking the server.
    ///
    /// # Errors
    ///
    /// Returns an error if the prefix is not 2 to 32 letters, digits and single underscores, or if
    /// the operating system has no random numbers.
    pub fn generate(prefix: &str) -> Result<GeneratedKey, ApiKeysError> {
        GeneratedKey::new(prefix)
    }

    /// Adds a key. Call this method once for each key.
    pub fn key(mut self, key: ApiKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Sets the header whose value is the key. Default: `X-API-Key`. A header with another meaning,
    /// such as `Authorization` or `Cookie`, is an error.
    pub fn header(self, name: impl Into<String>) -> Self {
        self.place(PlaceSetting::Header(name.into()))
    }

    /// Sets the scheme of an `Authorization` header with a key, for example `ApiKey`. `Bearer` is an
    /// error; see [`bearer_prefix`](Self::bearer_prefix).
    pub fn scheme(self, scheme: impl Into<String>) -> Self {
        self.place(PlaceSetting::Scheme(scheme.into()))
    }

    /// Accepts keys as bearer tokens: a text after `Bearer` that begins with this prefix and an
    /// underscore is a key, and never a JWT.
    pub fn bearer_prefix(self, prefix: impl Into<String>) -> Self {
        self.place(PlaceSetting::BearerPrefix(prefix.into()))
    }

    /// Sets the function that looks up a key in the application's store, for each key that is not
    /// configured. It gets the digest of the presented key, and returns the key with this digest.
    ///
    /// The server calls the function in a task, once for all concurrent requests with the same key.
    /// It caches a key for the [`cache_period`](Self::cache_period). A key that the function does
    /// not find is refused for the [`unknown_period`](Self::unknown_period).
    ///
    /// An error, a panic, a key with another digest and an answer after the
    /// [`look_up_timeout`](Self::look_up_timeout) refuse the request with a 503 and the code
    /// `api_keys_unavailable`. The server never uses a cached key beyond its period, even while
    /// look-ups fail.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use std::convert::Infallible;
    /// use std::sync::Arc;
    /// use axum_protected::api_key::{ApiKey, ApiKeys};
    ///
    /// let table = Arc::new(HashMap::from([("3f8a...".to_owned(), "alice")]));
    /// let keys = ApiKeys::new().look_up(move |digest| {
    ///     let table = Arc::clone(&table);
    ///     async move {
    ///         let owner = table.get(&digest.to_string());
    ///         Ok::<_, Infallible>(owner.map(|owner| ApiKey::new(digest).subject(*owner)))
    ///     }
    /// });
    /// ```
    pub fn look_up<F, A, E>(mut self, look_up: F) -> Self
    where
        F: Fn(KeyDigest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Option<ApiKey>, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.look_up = Some(LookUp::new(look_up));
        self
    }

    /// Sets the time for which a looked-up key is used without another look-up. Default: 60 s. From
    /// 1 s to one hour.
    pub fn cache_period(mut self, period: Duration) -> Self {
        self.limits.cache_period = Some(period);
        self
    }

    /// Sets the time for which a key that the look-up did not find is refused without another
    /// look-up. Default: 10 s. From 1 s to one hour.
    pub fn unknown_period(mut self, period: Duration) -> Self {
        self.limits.unknown_period = Some(period);
        self
    }

    /// Sets the time limit of a look-up. Default: 3 s. From 1 ms to 60 s.
    pub fn look_up_timeout(mut self, limit: Duration) -> Self {
        self.limits.timeout = Some(limit);
        self
    }

    /// Sets the number of look-ups that may run at the same time for keys that were valid before,
    /// and the same number for other keys. Default: 32. At least 1.
    pub fn concurrent_look_ups(mut self, count: usize) -> Self {
        self.limits.concurrent = Some(count);
        self
    }

    /// Sets the number of look-ups in a second that may find no key. Default: 100. At least 1. Above
    /// this rate, requests with keys that are not cached are refused with a 503. Cached keys are not
    /// affected.
    pub fn unknown_look_ups_per_second(mut self, rate: u32) -> Self {
        self.limits.unknown_rate = Some(rate);
        self
    }

    /// Sets the size in bytes of the cache of looked-up keys. Default: 8 MiB, which hold about
    /// 10 000 keys. Keys that the look-up does not find have a cache of their own, and displace no
    /// others.
    pub fn cache_bytes(mut self, bytes: usize) -> Self {
        self.limits.cache_bytes = Some(bytes);
        self
    }

    /// Returns these settings and those of `later` together. A look-up and a limit of `later` replace
    /// those of these settings.
    pub(crate) fn merge(mut self, later: Self) -> Self {
        self.places.extend(later.places);
        self.keys.extend(later.keys);
        self.problems.extend(later.problems);
        self.look_up = later.look_up.or(self.look_up);
        self.limits = self.limits.merge(&later.limits);
        self
    }

    fn place(mut self, place: PlaceSetting) -> Self {
        self.places.push(place);
        self
    }
}

/// Reads the settings from a file. All problems are reported by `build`, except a field that occurs
/// twice: the error of a file format may show the line of the file, which may have a key where the
/// digest belongs.
impl<'de> Deserialize<'de> for ApiKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Distinct(value) = Distinct::deserialize(deserializer)?;
        let FileSettings { places, keys, problems } = file::read(&value);
        Ok(Self { places, keys, problems, ..Self::default() })
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiKeys")
            .field("places", &self.places)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
