//! How the readers of a document get tokens.

use std::collections::BTreeMap;

use super::DEFAULT_SCHEME;
use super::scheme::{Kind, Scheme};
use crate::keys::{Endpoints, MetadataSource};
use crate::policy::{ScopeEntry, Scopes};

/// The security schemes of an OpenAPI document, one for each issuer; made by
/// [`ResourceServer::openapi_security`](crate::ResourceServer::openapi_security).
///
/// ```
/// use axum_protected::{ResourceServer, Scopes};
/// use serde_json::json;
///
/// #[derive(Scopes)]
/// enum Scope {
///     /// See items
///     #[scope("items:read")]
///     ItemsRead,
/// }
///
/// # fn example(server: ResourceServer) {
/// let security = server.openapi_security().scopes::<Scope>();
/// let mut document = json!({"openapi": "3.1.0", "info": {"title": "items", "version": "1"}});
/// security.apply_to(&mut document);
/// assert!(document["components"]["securitySchemes"]["oauth2"].is_object());
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it is nothing before it is applied to a document"]
pub struct OpenApiSecurity {
    name: String,
    issuers: Vec<DescribedIssuer>,
    scopes: Vec<ScopeEntry>,
}

/// What is known of an issuer.
#[derive(Debug, Clone)]
pub(crate) struct DescribedIssuer {
    pub(crate) identifier: String,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Option<MetadataSource>,
    pub(crate) endpoints: Option<Endpoints>,
}

impl OpenApiSecurity {
    pub(crate) fn new(issuers: Vec<DescribedIssuer>) -> Self {
        Self {
            name: DEFAULT_SCHEME.to_owned(),
            issuers,
            scopes: Vec::new(),
        }
    }

    /// The name of the scheme: `oauth2` unless another is chosen. Of several issuers each has its
    /// configured name instead, or this one with a number.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The scopes of a vocabulary, with their descriptions.
    pub fn scopes<S: Scopes>(mut self) -> Self {
        self.scopes.extend(S::ALL);
        self
    }

    /// Where users sign in and where tokens are given, of the only issuer: as `discover` would find.
    pub fn endpoints(mut self, authorization: impl Into<String>, token: impl Into<String>) -> Self {
        let endpoints = Endpoints {
            metadata: None,
            authorization: Some(authorization.into()),
            token: Some(token.into()),
            client_credentials: false,
        };
        if let [only] = self.issuers.as_mut_slice() {
            only.endpoints = Some(endpoints);
        }
        self
    }

    /// Asks the issuers' metadata for their endpoints, so that a page can sign its readers in. An
    /// issuer that does not answer, for 5 s each at most, is described as without.
    pub async fn discover(mut self) -> Self {
        for issuer in &mut self.issuers {
            if let (Some(metadata), None) = (&issuer.metadata, &issuer.endpoints) {
                issuer.endpoints = metadata.endpoints().await;
            }
        }
        self
    }

    /// The names, in the order of the issuers' identifiers.
    pub(super) fn names(&self) -> Vec<String> {
        match self.issuers.as_slice() {
            [_] => vec![self.name.clone()],
            several => (1..)
                .zip(several)
                .map(|(number, issuer)| {
                    let numbered = || format!("{}_{number}", self.name);
                    issuer.name.clone().unwrap_or_else(numbered)
                })
                .collect(),
        }
    }

    /// The schemes by name, with these scopes besides those of the vocabulary.
    pub(super) fn schemes<'a>(
        &'a self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(String, Scheme<'a>)> {
        let mut scopes: BTreeMap<&str, &str> = used.into_iter().map(|name| (name, "")).collect();
        let declared = self.scopes.iter();
        scopes.extend(declared.map(|entry| (entry.name, entry.description)));
        let schemes = self.issuers.iter().map(|issuer| Scheme {
            description: format!("Access tokens of {}", issuer.identifier),
            kind: issuer.kind(),
            scopes: scopes.clone(),
        });
        self.names().into_iter().zip(schemes).collect()
    }
}

impl DescribedIssuer {
    fn kind(&self) -> Kind<'_> {
        if let Some(endpoints) = &self.endpoints
            && let Some(token) = endpoints.token.as_deref()
            && (endpoints.authorization.is_some() || endpoints.client_credentials)
        {
            return Kind::OAuth2 {
                authorization: endpoints.authorization.as_deref(),
                token,
                client_credentials: endpoints.client_credentials,
                metadata: endpoints.metadata.as_deref(),
            };
        }
        if self.metadata.is_none() {
            return Kind::Bearer;
        }
        // OpenID Connect Discovery 1.0 section 4.
        let issuer = self.identifier.trim_end_matches('/');
        Kind::OpenIdConnect(format!("{issuer}/.well-known/openid-configuration"))
    }
}
