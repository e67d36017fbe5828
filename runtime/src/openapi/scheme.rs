//! A Security Scheme Object of OpenAPI.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// One security scheme of an OpenAPI document.
pub(super) struct Scheme<'a> {
    pub(super) description: String,
    pub(super) kind: Kind<'a>,
    pub(super) scopes: BTreeMap<&'a str, &'a str>,
}

pub(super) enum Kind<'a> {
    OAuth2 {
        /// The URL of the authorization endpoint; `None` if the issuer has no known authorization
        /// endpoint.
        authorization: Option<&'a str>,
        token: &'a str,
        client_credentials: bool,
        /// The URL of the metadata of the issuer.
        metadata: Option<&'a str>,
    },
    OpenIdConnect(String),
    Bearer,
    /// Another scheme of `Authorization`.
    Http(&'a str),
    /// A header whose whole value is the credential.
    Header(&'a str),
    /// A cookie that contains or names the credential.
    Cookie(&'a str),
    /// A scheme of `Authorization` that the description names.
    NamedScheme(&'a str),
    MutualTls,
}

impl Scheme<'_> {
    /// Returns the scheme as JSON in the format of this OpenAPI version.
    pub(super) fn to_json(&self, version: &str) -> Value {
        let (name, more) = match &self.kind {
            Kind::OpenIdConnect(url) => ("openIdConnect", json!({"openIdConnectUrl": url})),
            Kind::Bearer => ("http", json!({"scheme": "bearer", "bearerFormat": "JWT"})),
            Kind::Http(scheme) => ("http", json!({"scheme": scheme, "bearerFormat": "JWT"})),
            Kind::Header(name) => ("apiKey", json!({"in": "header", "name": name})),
            Kind::Cookie(name) => ("apiKey", json!({"in": "cookie", "name": name})),
            Kind::NamedScheme(scheme) => ("http", json!({"scheme": scheme})),
            Kind::MutualTls => ("mutualTLS", json!({})),
            Kind::OAuth2 { metadata, .. } => match metadata {
                // Only OpenAPI 3.2 has the field `oauth2MetadataUrl` in the Security Scheme Object.
                Some(url) if version.starts_with("3.2") => {
                    ("oauth2", json!({"flows": self.flows(), "oauth2MetadataUrl": url}))
                }
                _ => ("oauth2", json!({"flows": self.flows()})),
            },
        };
        let mut scheme = Map::new();
        scheme.insert("type".to_owned(), name.into());
        scheme.insert("description".to_owned(), self.description.as_str().into());
        scheme.extend(more.as_object().cloned().unwrap_or_default());
        scheme.into()
    }

    fn flows(&self) -> Map<String, Value> {
        let mut flows = Map::new();
        let Kind::OAuth2 { authorization, token, client_credentials, .. } = &self.kind else {
            return flows;
        };
        let scopes = &self.scopes;
        if let Some(url) = authorization {
            let flow = json!({"authorizationUrl": url, "tokenUrl": token, "scopes": scopes});
            flows.insert("authorizationCode".to_owned(), flow);
        }
        if *client_credentials {
            let flow = json!({"tokenUrl": token, "scopes": scopes});
            flows.insert("clientCredentials".to_owned(), flow);
        }
        flows
    }
}
