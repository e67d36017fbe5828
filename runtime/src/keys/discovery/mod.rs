//! Discovery of an issuer's metadata: the locations, the order in which they are asked, and the
//! members that are read.

mod locations;
mod metadata;
mod order;
mod round;

use std::sync::{Arc, OnceLock};

use reqwest::Url;

use self::order::ask_in_order;
use super::error::{Document, FetchError};
use super::http::{Client, Resource};
use crate::json::Object;

/// Discovery of the metadata of one issuer. Clones share the location that answered.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    /// Identifier that the metadata must contain as `issuer`.
    issuer: String,
    locations: Vec<Url>,
    insecure_http: bool,
    /// Location that returned valid metadata first. From then on, only this location is asked, even
    /// while it fails. Otherwise a file that somebody else puts at the root of the host could become
    /// the metadata of an issuer with a path.
    answered: Arc<OnceLock<Url>>,
}

/// Metadata of an issuer that has been read.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    /// Location of the metadata, with the HTTP cache policy of its response.
    pub(super) resource: Resource,
    pub(super) value: T,
}

impl Discovery {
    /// Creates the discovery of an issuer whose metadata is at the well-known locations of the URL
    /// `issuer`. With `insecure_http`, the metadata may name an http URL.
    pub(crate) fn well_known(identifier: String, issuer: &Url, insecure_http: bool) -> Self {
        Self::at(identifier, locations::locations(issuer), insecure_http)
    }

    /// Creates the discovery of an issuer whose metadata is at a configured URL.
    pub(crate) fn configured(identifier: String, url: Url, insecure_http: bool) -> Self {
        Self::at(identifier, vec![url], insecure_http)
    }

    fn at(issuer: String, locations: Vec<Url>, insecure_http: bool) -> Self {
        Self { issuer, locations, insecure_http, answered: Arc::default() }
    }

    #[cfg(feature = "openapi")]
    pub(super) fn first_location(&self) -> Option<&Url> {
        self.locations.first()
    }

    /// Finds the metadata and returns the `jwks_uri` in it. The location that answered is the only
    /// one that later calls ask.
    pub(super) async fn find_jwks_uri(&self, client: &Client) -> Result<Found<Url>, FetchError> {
        let read = |location: &Url, metadata: Object<'_>| self.jwks_uri(location, metadata);
        let found = self.find(client, read).await?;
        let _ = self.answered.set(found.resource.url.clone());
        Ok(found)
    }

    /// Revalidates the metadata. After an error, the next request for the metadata is not
    /// conditional, so that a 304 response cannot confirm a rejected document.
    pub(super) async fn revalidate(
        &self,
        client: &Client,
        found: &mut Found<Url>,
    ) -> Result<(), FetchError> {
        let answer = found.resource.get(client).await.and_then(|answer| match answer.body {
            None => Ok(None),
            Some(body) => self.read_jwks_uri(&body, &found.resource.url).map(Some),
        });
        match answer {
            Ok(jwks_uri) => {
                found.value = jwks_uri.unwrap_or_else(|| found.value.clone());
                Ok(())
            }
            Err(error) => {
                found.resource.forget();
                Err(error.of(Document::Metadata, &found.resource.url))
            }
        }
    }

    /// Finds the metadata, and reads it with `read`. The first argument of `read` is the location of
    /// the metadata. A location whose metadata `read` rejects counts as failed.
    pub(super) async fn find<T>(
        &self,
        client: &Client,
        read: impl Fn(&Url, Object<'_>) -> Result<T, FetchError> + Sync,
    ) -> Result<Found<T>, FetchError>
    where
        T: Send,
    {
        let locations = self.answered.get().map_or(&*self.locations, std::slice::from_ref);
        let read = &read;
        ask_in_order(locations, |location| async move {
            let mut resource = Resource::new(location.clone());
            let value = resource.get(client).await.and_then(|answer| {
                let body = answer.body.unwrap_or_default();
                metadata::read(&body, &self.issuer, |metadata| read(location, metadata))
            });
            let value = value.map_err(|error| error.of(Document::Metadata, location))?;
            Ok(Found { resource, value })
        })
        .await
    }

    /// Reads the `jwks_uri` in metadata that came from the URL `location`.
    pub(super) fn read_jwks_uri(&self, body: &[u8], location: &Url) -> Result<Url, FetchError> {
        metadata::read(body, &self.issuer, |metadata| self.jwks_uri(location, metadata))
    }

    fn jwks_uri(&self, location: &Url, metadata: Object<'_>) -> Result<Url, FetchError> {
        metadata::jwks_uri(metadata, location, self.insecure_http)
    }
}
