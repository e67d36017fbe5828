//! Fetches the metadata and the key set of an issuer over HTTP.

use std::time::Duration;

use reqwest::Url;

use super::discovery::{Discovery, Found};
use super::error::{Document, FetchError};
use super::http::{Client, Resource};
use super::set::KeySet;
use super::source::{Documents, Fetched, FetchedKeys};
use crate::algorithm::Algorithm;

/// Location of an issuer's key set.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// The `jwks_uri` in the issuer's metadata.
    Discovery(Discovery),
    JwksUri(Url),
}

/// Documents of an issuer on the network, with the HTTP cache policies of their last responses.
#[derive(Debug, Clone)]
pub(crate) struct HttpDocuments {
    client: Client,
    location: Location,
    allowed: Vec<Algorithm>,
    metadata: Option<Found<Url>>,
    set: Option<Resource>,
}

impl HttpDocuments {
    pub(crate) fn new(client: Client, location: Location, allowed: Vec<Algorithm>) -> Self {
        Self { client, location, allowed, metadata: None, set: None }
    }

    /// Returns the URL of the key set that the configuration or the current metadata names.
    async fn jwks_uri(&mut self) -> Result<Url, FetchError> {
        let discovery = match &self.location {
            Location::JwksUri(url) => return Ok(url.clone()),
            Location::Discovery(discovery) => discovery,
        };
        if let Some(found) = &mut self.metadata {
            discovery.revalidate(&self.client, found).await?;
            return Ok(found.value.clone());
        }
        let found = discovery.find_jwks_uri(&self.client).await?;
        Ok(self.metadata.insert(found).value.clone())
    }
}

impl Documents for HttpDocuments {
    fn has_settled_metadata(&self) -> bool {
        match (&self.location, &self.metadata) {
            (Location::Discovery(discovery), Some(found)) => discovery.is_settled(found),
            _ => false,
        }
    }

    async fn ask_metadata(&mut self) -> Result<bool, FetchError> {
        let url = self.jwks_uri().await?;
        let has_moved = self.set.as_ref().is_none_or(|set| set.url != url);
        if has_moved {
            self.set = Some(Resource::new(url));
        }
        Ok(has_moved)
    }

    /// After an error, the next requests for both documents are not conditional. A 304 response must
    /// not confirm a rejected key set, nor metadata that names a location without a key set.
    async fn ask_set(&mut self) -> Fetched {
        let is_settled = self.has_settled_metadata();
        let set = self.set.as_mut().ok_or(FetchError::NoJwksUri)?;
        let fetched = set.get(&self.client).await.and_then(|answer| {
            let parsed = answer.body.map(|body| KeySet::parse(&body, &self.allowed)).transpose();
            // An earlier location may take over, so the lifetime is the shortest one. The key set
            // may be that of an attacker, who must not determine the time of the next round.
            let lifetime = if is_settled { answer.lifetime } else { Some(Duration::ZERO) };
            Ok(FetchedKeys::new(parsed.map_err(FetchError::Set)?, lifetime))
        });
        let fetched = fetched.map_err(|error| error.of(Document::KeySet, &set.url));
        if fetched.is_err() {
            set.forget();
            if let Some(found) = &mut self.metadata {
                found.resource.forget();
            }
        }
        fetched
    }
}
