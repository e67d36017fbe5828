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
        Self { name: DEFAULT_SCHEME.to_owned(), issuers, scopes: Vec::new() }
    }

    /// The name of the scheme: `oauth2` unless another is chosen. Of several issuers each has its
    /// configured name instead, or this one with a number. What OpenAPI allows in no name
    /// (Components Object) becomes `_`.
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        self.name = component_name(name.as_ref());
        self
    }

    /// The scopes of a vocabulary, with their descriptions.
    pub fn scopes<S: Scopes>(mut self) -> Self {
        self.scopes.extend(S::ALL);
        self
    }

    /// Where users sign in and where tokens are given, as `discover` would find. Of several issuers
    /// nobody knows which is meant, and nothing is changed.
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
    fn names(&self) -> Vec<String> {
        if let [_] = self.issuers.as_slice() {
            return vec![self.name.clone()];
        }
        let mut names: Vec<String> = Vec::new();
        for (number, issuer) in (1..).zip(&self.issuers) {
            let numbered = format!("{}_{number}", self.name);
            let own = issuer.name.as_deref().map(component_name);
            let own = own.filter(|name| !names.contains(name));
            names.push(own.unwrap_or(numbered));
        }
        names
    }

    /// The schemes that a name stands for which an attribute wrote: all of them, or those of one
    /// issuer. Nothing for a name of somebody else's.
    pub(super) fn names_for(&self, written: &str) -> Option<Vec<String>> {
        let of = written.strip_prefix(DEFAULT_SCHEME)?;
        let issuer = match of.strip_prefix('@') {
            None if of.is_empty() => None,
            None => return None,
            issuer => issuer,
        };
        let is_meant = |known: &DescribedIssuer| {
            issuer.is_none_or(|issuer| known.name.as_deref().unwrap_or(&known.identifier) == issuer)
        };
        let named = self.names().into_iter().zip(&self.issuers);
        let meant = named.filter(|(_, known)| is_meant(known));
        Some(meant.map(|(name, _)| name).collect())
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

/// By the pattern of the Components Object.
fn component_name(text: &str) -> String {
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let allowed = |character| {
        if is_allowed(character) { character } else { '_' }
    };
    text.chars().map(allowed).collect()
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
