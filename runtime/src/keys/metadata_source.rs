//! The metadata of an issuer, read for its endpoints.

#[cfg(feature = "__browser")]
use bytes::Bytes;
#[cfg(feature = "__browser")]
use http::HeaderMap;
use reqwest::Url;

use super::discovery::Discovery;
use super::error::FetchError;
use super::http::Client;
#[cfg(feature = "__browser")]
use super::http::Posted;
use crate::json::Object;

/// Location of an issuer's metadata.
#[derive(Debug, Clone)]
pub(crate) struct MetadataSource {
    client: Client,
    discovery: Discovery,
}

/// Content of an issuer's metadata.
pub(crate) struct ReadMetadata<T> {
    pub(crate) content: T,
    /// False if an earlier location of the metadata may still take over.
    pub(crate) is_settled: bool,
}

impl MetadataSource {
    pub(crate) fn new(client: Client, discovery: Discovery) -> Self {
        Self { client, discovery }
    }

    /// Returns the first location of the metadata: the configured URL, or the URL that OpenID Connect
    /// Discovery section 4 defines.
    #[cfg(feature = "openapi")]
    pub(crate) fn url(&self) -> Option<&str> {
        self.discovery.first_location().map(Url::as_str)
    }

    /// Fetches the issuer's metadata and reads it with `read`, whose first argument is the location
    /// of the metadata.
    pub(crate) async fn read<T: Send>(
        &self,
        read: impl Fn(&Url, Object<'_>) -> T + Sync,
    ) -> Result<ReadMetadata<T>, FetchError> {
        let found = self
            .discovery
            .find(&self.client, |location, metadata| Ok(read(location, metadata)))
            .await?;
        let is_settled = self.discovery.is_settled(&found);
        Ok(ReadMetadata { content: found.value, is_settled })
    }

    /// Sends a POST request through the HTTP client of the issuer.
    #[cfg(feature = "__browser")]
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Posted, FetchError> {
        self.client.post(url, headers, body).await
    }
}
