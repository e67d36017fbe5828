//! Reads, in an issuer's metadata, the URLs at which clients get tokens. The server writes these
//! URLs into API documents (OpenAPI) and does not use them otherwise.

use reqwest::Url;

use super::metadata_source::MetadataSource;
use crate::json::{Array, Item, Object};

/// URLs and grants in an issuer's metadata, for API documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// URL of the metadata.
    pub(crate) metadata: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) token: Option<String>,
    /// True if the issuer supports the client credentials grant (RFC 6749 section 4.4).
    pub(crate) client_credentials: bool,
}

impl MetadataSource {
    /// Fetches the issuer's metadata and returns the endpoints in it, or `None` without valid
    /// metadata.
    pub(crate) async fn endpoints(&self) -> Option<Endpoints> {
        let found = self.read(|location, metadata| endpoints(metadata, location)).await;
        found.ok().map(|found| found.content)
    }
}

fn endpoints(metadata: Object<'_>, location: &Url) -> Endpoints {
    // API documents send browsers to these URLs, so a URL with another scheme, such as
    // `javascript`, is left out.
    let web_address = |name| {
        let url = metadata.get(name)?.as_str()?.parse::<Url>().ok()?;
        matches!(url.scheme(), "https" | "http").then(|| url.to_string())
    };
    let grants = metadata.get("grant_types_supported").and_then(Item::as_array);
    let client_credentials = grants
        .into_iter()
        .flat_map(Array::items)
        .any(|grant| grant.as_str() == Some("client_credentials"));
    Endpoints {
        metadata: Some(location.to_string()),
        authorization: web_address("authorization_endpoint"),
        token: web_address("token_endpoint"),
        client_credentials,
    }
}
