//! The security schemes of a document, which tell its readers where to get tokens.

use std::collections::BTreeMap;

use super::DEFAULT_SCHEME;
use super::scheme::{Kind, Scheme};
use crate::keys::{Endpoints, MetadataSource};
use crate::policy::{ScopeEntry, Scopes};

/// The security schemes of an OpenAPI document, one for each issuer, from
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
#[must_use = "security schemes do nothing until they are applied to a document"]
pub struct OpenApiSecurity {
    name: String,
    issuers: Vec<DescribedIssuer>,
    scopes: Vec<ScopeEntry>,
}

/// The data of an issuer for its scheme.
#[derive(Debug, Clone)]
pub(crate) struct DescribedIssuer {
    pub(crate) identifier: String,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Option<MetadataSource>,
    pub(crate) endpoints: Option<Endpoints>,
}

impl OpenApiSecurity {
    pub(crate) fn new(issuers: Vec<DescribedIssuer>) -> Self {
        Self { name: DEFAULT_SCHEME.to_owned(), issuers, scopes: Vec::new() }
    }

    /// Sets the name of the scheme; the default is `oauth2`. If there are several issuers, each scheme
    /// has the configured name of its issuer, or this name with a number. Characters that OpenAPI does
    /// not allow in names (Components Object) become `_`.
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        self.name = component_name(name.as_ref());
        self
    }

    /// Adds the scopes of a vocabulary, with their descriptions.
    pub fn scopes<S: Scopes>(mut self) -> Self {
        self.scopes.extend(S::ALL);
        self
    }

    /// Sets the authorization endpoint and the token endpoint, instead of [`discover`](Self::discover).
    /// If there are several issuers, this has no effect, because the issuer would be ambiguous.
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

    /// Fetches the endpoints from the issuers' metadata, so that readers can sign in from a page. An
    /// issuer that does not answer within 5 s is described without endpoints.
    pub async fn discover(mut self) -> Self {
        for issuer in &mut self.issuers {
            if let (Some(metadata), None) = (&issuer.metadata, &issuer.endpoints) {
                issuer.endpoints = metadata.endpoints().await;
            }
        }
        self
    }

    /// The names of the schemes, in the order of the issuers.
    fn names(&self) -> Vec<String> {
        if let [_] = self.issuers.as_slice() {
            return vec![self.name.clone()];
        }
        let mut names: Vec<String> = Vec::new();
        for (number, issuer) in (1..).zip(&self.issuers) {
            let name = issuer
                .name
                .as_deref()
                .map(component_name)
                .filter(|name| !names.contains(name))
                .unwrap_or_else(|| format!("{}_{number}", self.name));
            names.push(name);
        }
        names
    }

    /// Returns the schemes of a placeholder that an attribute wrote: all of them, or those of one
    /// issuer. `None` if the name is not a placeholder.
    pub(super) fn names_for(&self, written: &str) -> Option<Vec<String>> {
        let suffix = written.strip_prefix(DEFAULT_SCHEME)?;
        let issuer = match suffix.strip_prefix('@') {
            None if suffix.is_empty() => None,
            None => return None,
            issuer => issuer,
        };
        let names = self
            .names()
            .into_iter()
            .zip(&self.issuers)
            .filter(|(_, known)| {
                let text = known.name.as_deref().unwrap_or(&known.identifier);
                issuer.is_none_or(|issuer| issuer == text)
            })
            .map(|(name, _)| name)
            .collect();
        Some(names)
    }

    /// Returns the schemes with their names. Their scopes are these and those of the vocabulary.
    pub(super) fn schemes<'a>(
        &'a self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(String, Scheme<'a>)> {
        let mut scopes: BTreeMap<&str, &str> = used.into_iter().map(|name| (name, "")).collect();
        scopes.extend(self.scopes.iter().map(|entry| (entry.name, entry.description)));
        let schemes = self.issuers.iter().map(|issuer| Scheme {
            description: format!("Access tokens of {}", issuer.identifier),
            kind: issuer.kind(),
            scopes: scopes.clone(),
        });
        self.names().into_iter().zip(schemes).collect()
    }
}

/// Replaces characters that the pattern of the Components Object does not allow.
fn component_name(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '.' | '-' | '_' => character,
            _ if character.is_ascii_alphanumeric() => character,
            _ => '_',
        })
        .collect()
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
