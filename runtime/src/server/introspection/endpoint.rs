//! The URL of the endpoint: configured, or from the metadata of the issuer.

use std::sync::Arc;

use reqwest::Url;

use crate::error_chain::ErrorChain;
use crate::fetch::may_lead;
use crate::json::{Item, Object};
use crate::keys::MetadataSource;
use crate::server::metadata_cache::{Fetched, MetadataCache};

/// Name of the endpoint in metadata (RFC 8414 section 2).
const MEMBER: &str = "introspection_endpoint";

/// Endpoint of an issuer.
pub(in crate::server) enum Endpoint {
    Configured(Url),
    Metadata { source: MetadataSource, insecure_http: bool, cache: Arc<MetadataCache<Url>> },
}

impl Endpoint {
    pub(in crate::server) fn in_metadata(source: MetadataSource, insecure_http: bool) -> Self {
        Self::Metadata { source, insecure_http, cache: Arc::default() }
    }

    /// Returns true if the URL is known without a fetch.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Configured(_) => true,
            Self::Metadata { cache, .. } => cache.known().is_some(),
        }
    }

    /// Returns the URL. Fetches the metadata if needed, which must name this issuer (RFC 8414 section
    /// 3.3). The fetch runs in a task of its own.
    pub(super) async fn url(&self) -> Result<Url, String> {
        let (source, insecure_http, cache) = match self {
            Self::Configured(url) => return Ok(url.clone()),
            Self::Metadata { source, insecure_http, cache } => (source, *insecure_http, cache),
        };
        let fetched = cache.get(|| fetch(source.clone(), insecure_http)).await;
        fetched.map(|url| (*url).clone()).map_err(|problem| problem.as_ref().to_owned())
    }
}

async fn fetch(source: MetadataSource, insecure_http: bool) -> Fetched<Url> {
    let read = source.read(|location, metadata| endpoint(metadata, location, insecure_http)).await;
    let read = read.map_err(|error| ErrorChain(&error).to_string())?;
    Ok((read.content?, read.is_settled))
}

/// Reads the endpoint in metadata that came from the URL `location`. The server sends its secret and
/// tokens there, so that metadata that came by https must not lead to http.
fn endpoint(metadata: Object<'_>, location: &Url, insecure_http: bool) -> Result<Url, String> {
    let text = metadata.get(MEMBER).and_then(Item::as_str).ok_or_else(|| {
        format!("the metadata of the issuer has no `{MEMBER}`: set `introspection.endpoint`")
    })?;
    let url = text.parse::<Url>().ok().filter(|url| may_lead(location, url, insecure_http));
    let mut url = url.ok_or_else(|| {
        format!(
            "the `{MEMBER}` in the metadata of the issuer is not an https URL (plain http needs \
             `insecure_http` of the issuer)"
        )
    })?;
    url.set_fragment(None);
    Ok(url)
}
