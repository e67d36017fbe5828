//! Security schemes: how the readers of a document get tokens.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::DEFAULT_SCHEME;
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
        version: &str,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(String, Value)> {
        let mut scopes: BTreeMap<&str, &str> = used.into_iter().map(|name| (name, "")).collect();
        let declared = self.scopes.iter();
        scopes.extend(declared.map(|entry| (entry.name, entry.description)));
        let schemes = self.issuers.iter();
        let schemes = schemes.map(|issuer| issuer.scheme(version, &scopes));
        self.names().into_iter().zip(schemes).collect()
    }
}

impl DescribedIssuer {
    fn scheme(&self, version: &str, scopes: &BTreeMap<&str, &str>) -> Value {
        let description = format!("Access tokens of {}", self.identifier);
        let flows = self.endpoints.as_ref().map(|known| flows(known, scopes));
        if let Some(flows) = flows.filter(|flows| !flows.is_empty()) {
            let endpoints = self.endpoints.as_ref();
            let metadata = endpoints.and_then(|known| known.metadata.as_deref());
            // OpenAPI 3.2, Security Scheme Object.
            let metadata = metadata.filter(|_| version.starts_with("3.2"));
            return oauth2(&description, flows, metadata);
        }
        if self.metadata.is_none() {
            return json!({
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": description,
            });
        }
        // OpenID Connect Discovery 1.0 section 4.
        let issuer = self.identifier.trim_end_matches('/');
        json!({
            "type": "openIdConnect",
            "description": description,
            "openIdConnectUrl": format!("{issuer}/.well-known/openid-configuration"),
        })
    }
}

fn oauth2(description: &str, flows: Map<String, Value>, metadata: Option<&str>) -> Value {
    let mut scheme = Map::new();
    scheme.insert("type".to_owned(), "oauth2".into());
    scheme.insert("description".to_owned(), description.into());
    scheme.insert("flows".to_owned(), flows.into());
    if let Some(url) = metadata {
        scheme.insert("oauth2MetadataUrl".to_owned(), url.into());
    }
    scheme.into()
}

fn flows(endpoints: &Endpoints, scopes: &BTreeMap<&str, &str>) -> Map<String, Value> {
    let mut flows = Map::new();
    let Some(token) = &endpoints.token else {
        return flows;
    };
    if let Some(authorization) = &endpoints.authorization {
        let flow = json!({
            "authorizationUrl": authorization,
            "tokenUrl": token,
            "scopes": scopes,
        });
        flows.insert("authorizationCode".to_owned(), flow);
    }
    if endpoints.client_credentials {
        let flow = json!({"tokenUrl": token, "scopes": scopes});
        flows.insert("clientCredentials".to_owned(), flow);
    }
    flows
}
