//! Where users and clients get tokens, from the issuer's metadata: for documents only.

use reqwest::Url;

use super::discovery;
use super::error::FetchError;
use super::http::{Client, Resource};
use super::source::Location;
use crate::json::{self, Array, Item};

/// Where to ask for the metadata of an issuer.
#[derive(Debug, Clone)]
pub(crate) struct MetadataSource {
    client: Client,
    issuer: String,
    url: Url,
}

/// What the metadata says of getting tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// Where the metadata is.
    pub(crate) metadata: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) token: Option<String>,
    /// Whether a client can have tokens for itself.
    pub(crate) client_credentials: bool,
}

impl MetadataSource {
    /// Nothing where the configuration says where the keys are: then metadata is not asked.
    pub(crate) fn of(client: &Client, location: &Location) -> Option<Self> {
        match location {
            Location::Discovery(issuer, url) => {
                Some(Self { client: client.clone(), issuer: issuer.clone(), url: url.clone() })
            }
            Location::JwksUri(_) => None,
        }
    }

    /// Asks each location until one speaks for the issuer.
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
                Err(error) if FetchError::is_transport(&error) => return None,
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
    // What a browser is sent to is a web address, whatever the issuer says.
    let is_web = |url: &Url| matches!(url.scheme(), "https" | "http");
    let web = |name| {
        let url = text(name)?.parse::<Url>().ok()?;
        is_web(&url).then(|| url.to_string())
    };
    let grants = document.root().get("grant_types_supported");
    let mut grants = grants.and_then(Item::as_array).into_iter().flat_map(Array::items);
    let client_credentials = grants.any(|grant| grant.as_str() == Some("client_credentials"));
    Some(Endpoints {
        metadata: Some(location.to_string()),
        authorization: web("authorization_endpoint"),
        token: web("token_endpoint"),
        client_credentials,
    })
}
