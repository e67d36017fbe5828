//! Fetches one issuer's key set, from the `jwks_uri` in the issuer's metadata or from a configured
//! URL.

use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;

use super::discovery;
use super::error::FetchError;
use super::fetch_schedule::{DEFAULT_LIFETIME, FetchCause, LIFETIME, Pace};
use super::http::{Client, Resource};
use super::set::KeySet;
use crate::algorithm::Algorithm;

/// Source of an issuer's key set: the network, or a simulation in tests.
pub(crate) trait KeySource: Clone + Send + Sync + 'static {
    /// Returns the kind of source, which determines when to fetch.
    fn pace(&self) -> Pace {
        Pace::Network
    }

    /// Fetches the issuer's current key set. Implementations must return in bounded time.
    fn fetch(&mut self, cause: FetchCause) -> impl Future<Output = Fetched> + Send;
}

/// Result of a fetch.
pub(crate) type Fetched = Result<FetchedKeys, FetchError>;

/// Result of a successful fetch.
#[derive(Debug)]
pub(crate) struct FetchedKeys {
    /// Key set, or `None` if the key set has not changed since the previous fetch.
    pub(crate) set: Option<KeySet>,
    /// Lifetime that the source states, if any.
    pub(crate) lifetime: Option<Duration>,
}

impl FetchedKeys {
    pub(crate) fn new(set: Option<KeySet>, lifetime: Option<Duration>) -> Self {
        Self { set, lifetime }
    }
}

/// Location of an issuer's key set.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// The `jwks_uri` in the issuer's metadata. The fields are the identifier that the metadata
    /// must contain as `issuer`, and the issuer's URL.
    Discovery(String, Url),
    JwksUri(Url),
}

/// Key source that fetches over HTTP. It keeps the HTTP cache policies of the metadata and of the
/// key set from one fetch to the next.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    client: Client,
    location: Location,
    allowed: Vec<Algorithm>,
    metadata: Option<Metadata>,
    set: Option<Resource>,
}

#[derive(Debug, Clone)]
struct Metadata {
    resource: Resource,
    fresh_until: Instant,
}

impl Source {
    pub(crate) fn new(client: Client, location: Location, allowed: Vec<Algorithm>) -> Self {
        Self { client, location, allowed, metadata: None, set: None }
    }

    /// Forgets the HTTP cache policies, so that the next `fetch` requests the metadata and the key
    /// set in full. This function is called after a failed fetch: the key set may have a new URL,
    /// and a 304 response must not confirm a rejected document.
    fn reset(&mut self) {
        self.metadata = None;
        if let Some(set) = &mut self.set {
            *set = Resource::new(set.url.clone());
        }
    }

    /// Determines the URL of the issuer's key set and stores the URL in `self.set`.
    async fn find_set(&mut self) -> Result<(), FetchError> {
        let url = match &self.location {
            Location::JwksUri(url) => url.clone(),
            Location::Discovery(issuer, url) => {
                let fresh_until = self.metadata.as_ref().map(|metadata| metadata.fresh_until);
                if self.set.is_some() && fresh_until.is_some_and(|until| Instant::now() < until) {
                    return Ok(());
                }
                let previous = self.metadata.take().map(|metadata| metadata.resource.url);
                match discover(&self.client, issuer, url, previous).await {
                    Ok((metadata, jwks_uri)) => {
                        self.metadata = Some(metadata);
                        jwks_uri
                    }
                    // Invalid metadata must not be used (OpenID Connect Discovery section 4.3). The
                    // `jwks_uri` of the last valid metadata remains in use.
                    Err(_) if self.set.is_some() => return Ok(()),
                    Err(error) => return Err(error),
                }
            }
        };
        if self.set.as_ref().is_none_or(|set| set.url != url) {
            self.set = Some(Resource::new(url));
        }
        Ok(())
    }
}

impl KeySource for Source {
    async fn fetch(&mut self, _: FetchCause) -> Fetched {
        self.find_set().await?;
        let set = self.set.as_mut().ok_or(FetchError::NoJwksUri)?;
        let outcome = match set.get(&self.client).await {
            Ok(answer) => match answer.body {
                None => Ok(FetchedKeys::new(None, answer.lifetime)),
                Some(body) => KeySet::parse(&body, &self.allowed)
                    .map(|set| FetchedKeys::new(Some(set), answer.lifetime))
                    .map_err(FetchError::Set),
            },
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            self.reset();
        }
        outcome
    }
}

/// Fetches the metadata of an issuer. Tries one location after the other until a document names
/// this issuer, and begins with `previous`, the location of the last valid metadata. If all
/// locations fail, returns the most helpful error: an error about the content of a document takes
/// precedence over an error about a missing document.
async fn discover(
    client: &Client,
    issuer: &str,
    url: &Url,
    previous: Option<Url>,
) -> Result<(Metadata, Url), FetchError> {
    let mut best_error: Option<FetchError> = None;
    let mut locations = discovery::locations(url);
    locations.sort_by_key(|location| Some(location) != previous.as_ref());
    for location in locations {
        let mut resource = Resource::new(location);
        let found = resource.get(client).await.and_then(|answer| {
            let body = answer.body.unwrap_or_default();
            Ok((answer.lifetime, discovery::jwks_uri(&body, issuer)?))
        });
        match found {
            Ok((lifetime, jwks_uri)) => {
                let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME);
                let fresh_until = Instant::now() + lifetime.clamp(LIFETIME.0, LIFETIME.1);
                return Ok((Metadata { resource, fresh_until }, jwks_uri));
            }
            Err(error) if error.is_transport() => return Err(error),
            Err(error) => {
                let is_better =
                    |best: &FetchError| error.is_about_content() && !best.is_about_content();
                if best_error.as_ref().is_none_or(is_better) {
                    best_error = Some(error);
                }
            }
        }
    }
    Err(best_error.unwrap_or(FetchError::NotMetadata))
}
