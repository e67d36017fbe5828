//! The OpenID provider behind an issuer of the server, for a component that signs in users.

mod verification;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Url;

use super::ResourceServer;
use super::metadata_cache::MetadataCache;
use super::trusted_issuer::TrustedIssuer;
use crate::error_chain::ErrorChain;
use crate::keys::MetadataSource;
use crate::openid::{ProviderError, ProviderMetadata};
use crate::redaction::{redacted, without_query};
use crate::token::quoted;

/// The OpenID provider behind one issuer of a [`ResourceServer`].
///
/// It uses the HTTP client, the keys, the clock and the leeway that the server has for the issuer. A
/// clone is cheap and shares the metadata.
#[derive(Clone)]
pub struct Provider {
    server: ResourceServer,
    issuer: Arc<TrustedIssuer>,
    source: MetadataSource,
    metadata: Arc<MetadataCache<ProviderMetadata>>,
}

impl Provider {
    /// Returns the provider of the issuer with this configured name or identifier, or of the only
    /// issuer of the server.
    ///
    /// # Errors
    ///
    /// Returns the text of a problem with the configuration.
    pub fn new(server: &ResourceServer, issuer: Option<&str>) -> Result<Self, String> {
        let issuer = match issuer {
            Some(name) => server.issuer_named(name)?,
            None => server.only_issuer()?,
        };
        let identifier = redacted(&issuer.identifier);
        if issuer.algorithms.iter().all(|algorithm| algorithm.is_symmetric()) {
            return Err(format!(
                "the issuer `{identifier}` has a shared secret, with which this server could sign \
                 ID tokens itself: use an issuer that publishes its keys"
            ));
        }
        if !issuer.has_keys() {
            return Err(format!(
                "`introspection.mode` of the issuer `{identifier}` is `only`, so the server has no \
                 keys to verify ID tokens: set `introspection.mode` to `opaque`"
            ));
        }
        let Some(source) = issuer.metadata.clone() else {
            return Err(format!(
                "the issuer `{identifier}` has a setting for its keys and no `metadata_url`, so \
                 its endpoints are not known: set `metadata_url`"
            ));
        };
        Ok(Self {
            server: server.clone(),
            issuer: Arc::clone(issuer),
            source,
            metadata: Arc::default(),
        })
    }

    /// Returns the identifier of the issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer.identifier
    }

    /// Returns the server whose issuer this provider is.
    #[must_use]
    pub fn server(&self) -> &ResourceServer {
        &self.server
    }

    /// Returns the time of the server's clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.server.now()
    }

    /// Returns the metadata of the provider, which is fetched when it is needed.
    ///
    /// The server keeps the metadata for one hour, or for one minute while an earlier location of the
    /// metadata may still take over. Metadata that cannot be fetched again stays in use. One fetch
    /// runs at a time, in a task of its own, so that an aborted request does not end it. An error is
    /// the answer to all requests of the following five seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if no metadata was ever fetched, and it cannot be fetched or used now.
    pub async fn metadata(&self) -> Result<Arc<ProviderMetadata>, ProviderError> {
        let fetched =
            self.metadata.get(|| fetch(self.source.clone(), Arc::clone(&self.issuer))).await;
        fetched.map_err(|problem| ProviderError::new(problem.as_ref().to_owned()))
    }

    /// Sends a form by POST through the HTTP client of the issuer, and returns status, headers and
    /// body of the response.
    ///
    /// The limits are those of every exchange with the issuer: 5 s, 512 KiB, no redirects, and only
    /// URLs that are https, or http where the settings of the issuer permit it.
    ///
    /// # Errors
    ///
    /// Returns an error for a missing or incomplete response, and for a redirect. A response with an
    /// error status is not an error.
    pub async fn post_form(
        &self,
        url: &Url,
        authorization: Option<HeaderValue>,
        form: Vec<u8>,
    ) -> Result<(StatusCode, HeaderMap, Bytes), ProviderError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form_type);
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            headers.insert(AUTHORIZATION, authorization);
        }
        match self.source.post(url, headers, form.into()).await {
            Ok(posted) => Ok((posted.status, posted.headers, posted.body)),
            Err(error) => Err(ProviderError::new(format!(
                "no response from `{}`: {}",
                without_query(url),
                ErrorChain(&error)
            ))),
        }
    }
}

/// Fetches the metadata. Returns true beside it if no earlier location may take over.
async fn fetch(
    source: MetadataSource,
    issuer: Arc<TrustedIssuer>,
) -> Result<(ProviderMetadata, bool), String> {
    let insecure_http = issuer.insecure_http;
    let read =
        source.read(|location, metadata| ProviderMetadata::read(metadata, location, insecure_http));
    let of_issuer = |problem: &dyn fmt::Display| {
        let issuer = redacted(&issuer.identifier);
        format!("the provider `{issuer}` cannot be used: {problem}")
    };
    let found = read.await.map_err(|error| of_issuer(&ErrorChain(&error)))?;
    let metadata = found.content.map_err(|problem| of_issuer(&problem))?;
    Ok((metadata, found.is_settled))
}

impl ResourceServer {
    fn issuer_named(&self, name: &str) -> Result<&Arc<TrustedIssuer>, String> {
        let issuers = &self.inner().issuers;
        issuers
            .values()
            .find(|issuer| issuer.rules.issuer_name.as_deref() == Some(name))
            .or_else(|| issuers.get(name))
            .ok_or_else(|| {
                format!(
                    "the server has no issuer `{}`: its issuers are {}",
                    redacted(name),
                    self.quoted_issuers()
                )
            })
    }

    fn only_issuer(&self) -> Result<&Arc<TrustedIssuer>, String> {
        let mut issuers = self.inner().issuers.values();
        match (issuers.next(), issuers.next()) {
            (Some(issuer), None) => Ok(issuer),
            (None, _) => Err("the server has no issuer: add one with `issuer`".to_owned()),
            (Some(_), Some(_)) => Err(format!(
                "the server has several issuers, and the provider is not named: name one of {}",
                self.quoted_issuers()
            )),
        }
    }

    fn quoted_issuers(&self) -> String {
        let mut identifiers: Vec<_> =
            self.inner().issuers.keys().map(|identifier| redacted(identifier)).collect();
        identifiers.sort_unstable();
        quoted(identifiers)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("issuer", &redacted(&self.issuer.identifier))
            .finish_non_exhaustive()
    }
}
