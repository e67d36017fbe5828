//! Reads, in an issuer's metadata, the URLs at which clients get tokens. The server writes these
//! URLs into API documents (OpenAPI) and does not use them otherwise.

use reqwest::Url;

use super::discovery;
use super::http::{Client, Resource};
use super::source::Location;
use crate::json::{self, Array, Item};

/// Location of an issuer's metadata.
#[derive(Debug, Clone)]
pub(crate) struct MetadataSource {
    client: Client,
    issuer: String,
    url: Url,
}

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
    /// Returns the location of an issuer's metadata, or `None` if the keys have a configured
    /// `jwks_uri`, since the server then does not use metadata.
    pub(crate) fn of(client: &Client, location: &Location) -> Option<Self> {
        match location {
            Location::Discovery(issuer, url) => {
                Some(Self { client: client.clone(), issuer: issuer.clone(), url: url.clone() })
            }
            Location::JwksUri(_) => None,
        }
    }

    /// Fetches the issuer's metadata and returns the endpoints in it. Uses the first document that
    /// names this issuer, or returns `None` if there is no such document.
    pub(crate) async fn endpoints(&self) -> Option<Endpoints> {
        for location in discovery::locations(&self.url) {
            let mut resource = Resource::new(location.clone());
            match resource.get(&self.client).await {
                Ok(answer) => {
                    let body = answer.body.unwrap_or_default();
                    if let Some(found) = endpoints(&body, &self.issuer, &location) {
                        return Some(found);
                    }
                }
                Err(error) if error.is_transport() => return None,
                Err(_) => {}
            }
        }
        None
    }
}

fn endpoints(document: &[u8], issuer: &str, location: &Url) -> Option<Endpoints> {
    let document = json::object(document).ok()?;
    let text = |name| document.root().get(name)?.as_str();
    if text("issuer") != Some(issuer) {
        return None;
    }
    // API documents send browsers to these URLs, so a URL with another scheme, such as
    // `javascript`, is left out.
    let web_address = |name| {
        let url = text(name)?.parse::<Url>().ok()?;
        matches!(url.scheme(), "https" | "http").then(|| url.to_string())
    };
    let grants = document.root().get("grant_types_supported").and_then(Item::as_array);
    let client_credentials = grants
        .into_iter()
        .flat_map(Array::items)
        .any(|grant| grant.as_str() == Some("client_credentials"));
    Some(Endpoints {
        metadata: Some(location.to_string()),
        authorization: web_address("authorization_endpoint"),
        token: web_address("token_endpoint"),
        client_credentials,
    })
}
