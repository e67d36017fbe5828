//! Discovery of an issuer's metadata: the locations, the order of the requests to them, and the
//! members that are read.

mod locations;
mod metadata;
mod order;
mod remaining;
mod round;

use reqwest::Url;

pub(crate) use self::locations::WellKnown;

use self::order::ask_in_order;
use self::remaining::Remaining;
use self::round::Answered;
use super::error::{Document, FetchError};
use super::http::{Client, Resource};
use crate::json::Object;

/// Discovery of the metadata of one issuer. Clones share the locations that may still be asked.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    /// Identifier that the metadata must contain as `issuer`.
    issuer: String,
    #[cfg(feature = "openapi")]
    first_location: Option<Url>,
    remaining: Remaining,
    insecure_http: bool,
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
    pub(crate) fn well_known(
        kind: WellKnown,
        identifier: String,
        issuer: &Url,
        insecure_http: bool,
    ) -> Self {
        Self::at(identifier, kind.urls(issuer), insecure_http)
    }

    /// Creates the discovery of an issuer whose metadata is at a configured URL.
    pub(crate) fn configured(identifier: String, url: Url, insecure_http: bool) -> Self {
        Self::at(identifier, vec![url], insecure_http)
    }

    fn at(issuer: String, locations: Vec<Url>, insecure_http: bool) -> Self {
        Self {
            issuer,
            #[cfg(feature = "openapi")]
            first_location: locations.first().cloned(),
            remaining: Remaining::new(locations),
            insecure_http,
        }
    }

    #[cfg(feature = "openapi")]
    pub(super) fn first_location(&self) -> Option<&Url> {
        self.first_location.as_ref()
    }

    /// Returns true if the location of this metadata is the only one that may be asked. Otherwise an
    /// earlier location may still take over.
    pub(super) fn is_settled<T>(&self, found: &Found<T>) -> bool {
        self.remaining.is_only(&found.resource.url)
    }

    /// Finds the metadata and returns the `jwks_uri` in it. Later calls ask only the location that
    /// answered, and the earlier ones that failed temporarily.
    pub(super) async fn find_jwks_uri(&self, client: &Client) -> Result<Found<Url>, FetchError> {
        // Another call at the same time may exclude the location that answered here. The locations
        // have then become fewer, so the number of rounds is bounded.
        loop {
            let locations = self.remaining.locations();
            let read = |location: &Url, metadata: Object<'_>| self.jwks_uri(location, metadata);
            let Answered { answer, left } = self.ask(client, &locations, read).await?;
            let left: Vec<Url> =
                left.into_iter().filter_map(|index| locations.get(index).cloned()).collect();
            if self.remaining.shrink(&left, &answer.resource.url) {
                return Ok(answer);
            }
        }
    }

    /// Revalidates the metadata, with a round over the remaining locations if an earlier one may
    /// take over. If an earlier location hangs, the answer of a later one counts only after the
    /// time limit of 5 s of the earlier request. Each such fetch in the background therefore takes
    /// as long as a first round, 9 s at most.
    ///
    /// After an error, the next request for the metadata is not conditional, so that a 304 response
    /// cannot confirm a rejected document.
    pub(super) async fn revalidate(
        &self,
        client: &Client,
        found: &mut Found<Url>,
    ) -> Result<(), FetchError> {
        if !self.is_settled(found) {
            *found = self.find_jwks_uri(client).await?;
            return Ok(());
        }
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

    /// Finds the metadata, and reads it with `read`.
    pub(super) async fn find<T>(
        &self,
        client: &Client,
        read: impl Fn(&Url, Object<'_>) -> Result<T, FetchError> + Sync,
    ) -> Result<Found<T>, FetchError>
    where
        T: Send,
    {
        Ok(self.ask(client, &self.remaining.locations(), read).await?.answer)
    }

    /// Asks these locations. The first argument of `read` is the location of the metadata. A location
    /// whose metadata `read` rejects counts as failed.
    async fn ask<T>(
        &self,
        client: &Client,
        locations: &[Url],
        read: impl Fn(&Url, Object<'_>) -> Result<T, FetchError> + Sync,
    ) -> Result<Answered<Found<T>>, FetchError>
    where
        T: Send,
    {
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
