//! The URL of the endpoint: configured, or from the metadata of the issuer.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::error_chain::ErrorChain;
use crate::fetch::may_lead;
use crate::json::{Item, Object};
use crate::keys::MetadataSource;
use crate::server::metadata_cache::{Fetched, MetadataCache};
use crate::telemetry;

/// Name of the endpoint in metadata (RFC 8414 section 2).
const MEMBER: &str = "introspection_endpoint";

/// Time between two attempts to find the endpoint before the first question.
const SEARCH_INTERVAL: Duration = Duration::from_secs(10);

/// Endpoint of an issuer.
pub(in crate::server) enum Endpoint {
    Configured(Url),
    Metadata { source: MetadataSource, insecure_http: bool, cache: Arc<MetadataCache<Url>> },
}

impl Endpoint {
    pub(in crate::server) fn in_metadata(source: MetadataSource, insecure_http: bool) -> Self {
        Self::Metadata { source, insecure_http, cache: Arc::default() }
    }

    /// Starts a task that fetches the metadata until it names the endpoint. Without this task, a server
    /// to which a load balancer sends no requests before it is ready would never be ready. The task
    /// ends with the server. Outside of a tokio runtime, the first question fetches the metadata.
    pub(super) fn find(&self, issuer: &str) {
        let Self::Metadata { source, insecure_http, cache } = self else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let (issuer, source, insecure_http) = (issuer.to_owned(), source.clone(), *insecure_http);
        let cache = Arc::downgrade(cache);
        runtime.spawn(async move {
            let mut logged = None;
            while let Some(cache) = cache.upgrade() {
                let fetched = cache.get(|| fetch(source.clone(), insecure_http)).await;
                let Err(error) = fetched else { return };
                if logged.as_ref() != Some(&error) {
                    telemetry::introspection_failed(&issuer, &error);
                    logged = Some(error);
                }
                drop(cache);
                sleep(SEARCH_INTERVAL).await;
            }
        });
    }

    /// Returns the reason why the URL is not known. `None` if it is known or if no fetch has ended.
    pub(super) fn last_error(&self) -> Option<String> {
        match self {
            Self::Configured(_) => None,
            Self::Metadata { cache, .. } => {
                cache.last_error().map(|error| error.as_ref().to_owned())
            }
        }
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
