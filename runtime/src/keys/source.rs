//! Where one issuer's keys come from: its metadata first, or a URL that was configured.

use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;

use super::cache::{DEFAULT_LIFETIME, LIFETIME};
use super::discovery;
use super::error::FetchError;
use super::http::{Client, Resource};
use super::set::{KeySet, Parsed};
use crate::algorithm::Algorithm;

/// Whoever knows the issuer's set: the network, unless a test says otherwise.
pub(crate) trait KeySource: Clone + Send + Sync + 'static {
    /// The issuer's set now, in a bounded time.
    fn fetch(&mut self) -> impl Future<Output = Fetched> + Send;
}

/// The set, or `None` where it is the one of the last fetch; and its lifetime.
pub(crate) type Fetched = Result<(Option<Parsed>, Option<Duration>), FetchError>;

/// How to find the keys.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// By the issuer's metadata; the text is what the metadata must name, the URL where it is.
    Discovery(String, Url),
    JwksUri(Url),
}

/// The state of the conversation with one issuer.
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

    /// After a failure the set may have moved, and what was not understood must not be
    /// revalidated: both documents are asked for in full.
    fn start_over(&mut self) {
        self.metadata = None;
        if let Some(set) = &mut self.set {
            *set = Resource::new(set.url.clone());
        }
    }

    async fn find_set(&mut self) -> Result<(), FetchError> {
        let found = match &self.location {
            Location::JwksUri(url) => url.clone(),
            Location::Discovery(issuer, url) => {
                let fresh = self.metadata.as_ref().map(|metadata| metadata.fresh_until);
                if self.set.is_some() && fresh.is_some_and(|until| Instant::now() < until) {
                    return Ok(());
                }
                let known = self.metadata.take().map(|metadata| metadata.resource.url);
                match discover(&self.client, issuer, url, known).await {
                    Ok((metadata, found)) => {
                        self.metadata = Some(metadata);
                        found
                    }
                    // The document held before stays in force (OpenID Connect Discovery section
                    // 4.3); only what it led to is asked.
                    Err(_) if self.set.is_some() => return Ok(()),
                    Err(error) => return Err(error),
                }
            }
        };
        if self.set.as_ref().is_none_or(|set| set.url != found) {
            self.set = Some(Resource::new(found));
        }
        Ok(())
    }
}

impl KeySource for Source {
    async fn fetch(&mut self) -> Fetched {
        self.find_set().await?;
        let set = self.set.as_mut().ok_or(FetchError::NoJwksUri)?;
        let outcome = match set.get(&self.client).await {
            Ok(answer) => match answer.body {
                None => Ok((None, answer.lifetime)),
                Some(body) => KeySet::parse(&body, &self.allowed)
                    .map(|parsed| (Some(parsed), answer.lifetime))
                    .map_err(FetchError::Set),
            },
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            self.start_over();
        }
        outcome
    }
}

/// Asks each location until one speaks for the issuer; the one that did before comes first.
async fn discover(
    client: &Client,
    issuer: &str,
    url: &Url,
    known: Option<Url>,
) -> Result<(Metadata, Url), FetchError> {
    let mut telling = None;
    let mut locations = discovery::locations(url);
    locations.sort_by_key(|location| Some(location) != known.as_ref());
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
                let known = telling.as_ref().is_some_and(FetchError::is_about_content);
                if telling.is_none() || (error.is_about_content() && !known) {
                    telling = Some(error);
                }
            }
        }
    }
    Err(telling.unwrap_or(FetchError::NotMetadata))
}
