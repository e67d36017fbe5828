//! The security schemes of an OpenAPI document. The schemes tell readers of the document where to
//! get tokens.

use std::collections::BTreeMap;

use serde_json::Value;

use super::DEFAULT_SCHEME;
use super::api_key_scheme::ApiKeyScheme;
use super::cookie_scheme::CookieScheme;
use super::scheme::{Kind, Scheme};
use crate::api_key;
use crate::credential::TokenLocation;
use crate::keys::{Endpoints, MetadataSource};
use crate::policy::{ScopeEntry, Scopes};

/// The name of the scheme of API keys.
const API_KEY_SCHEME: &str = "api_key";

/// The security schemes of an OpenAPI document, one for each issuer, one for API keys, and one for
/// each cookie that contains a token or names a session.
/// [`ResourceServer::openapi_security`](crate::ResourceServer::openapi_security) creates the
/// schemes.
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
    token_location: TokenLocation,
    issuers: Vec<DescribedIssuer>,
    pub(super) api_keys: Option<ApiKeyScheme>,
    pub(super) cookies: Vec<CookieScheme>,
    scopes: Vec<ScopeEntry>,
}

/// The data of an issuer from which its security scheme is created.
#[derive(Debug, Clone)]
pub(crate) struct DescribedIssuer {
    pub(crate) identifier: String,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Option<MetadataSource>,
    pub(crate) endpoints: Option<Endpoints>,
}

impl OpenApiSecurity {
    pub(super) fn new(issuers: Vec<DescribedIssuer>, token_location: TokenLocation) -> Self {
        Self {
            name: DEFAULT_SCHEME.to_owned(),
            token_location,
            issuers,
            api_keys: None,
            cookies: Vec::new(),
            scopes: Vec::new(),
        }
    }

    /// Sets the name of the security scheme. The default name is `oauth2`. If the server has
    /// several issuers, this name applies only to issuers without a configured name, each with a
    /// number appended; the scheme of another issuer has the configured name of that issuer.
    /// Characters that OpenAPI does not allow in names (Components Object) become `_`. The scheme of
    /// API keys has the name `api_key`, and those of cookies have the names `token_cookie` and
    /// `session_cookie`.
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        self.name = component_name(name.as_ref());
        self
    }

    /// Adds the scopes that an enum declares, with their descriptions.
    pub fn scopes<S: Scopes>(mut self) -> Self {
        self.scopes.extend(S::ALL);
        self
    }

    /// Sets the authorization endpoint and the token endpoint of the issuer, as an alternative to
    /// [`discover`](Self::discover). This method has no effect if the server has several issuers,
    /// because it cannot select one of them.
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

    /// Fetches the endpoints of the issuers from their metadata, so that readers can sign in from a
    /// documentation page. If no metadata is found within 9 s, the scheme of the issuer contains
    /// no endpoints.
    pub async fn discover(mut self) -> Self {
        for issuer in &mut self.issuers {
            if let (Some(metadata), None) = (&issuer.metadata, &issuer.endpoints) {
                issuer.endpoints = metadata.endpoints().await;
            }
        }
        self
    }

    /// Returns the names of the schemes in the order of the issuers.
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

    /// Returns the name of the scheme of API keys, which differs from those of the issuers.
    fn api_key_name(&self) -> Option<String> {
        self.api_keys.as_ref()?;
        self.free_name(API_KEY_SCHEME)
    }

    /// Returns this name, with a number if the scheme of an issuer has the name.
    fn free_name(&self, wanted: &str) -> Option<String> {
        let issuers = self.names();
        let numbered = (1..).map(|number: u32| format!("{wanted}_{number}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !issuers.contains(name))
    }

    fn cookie_schemes(&self) -> impl Iterator<Item = (String, &CookieScheme)> {
        self.cookies.iter().filter_map(|cookie| Some((self.free_name(cookie.name)?, cookie)))
    }

    /// Returns the names of the schemes that a placeholder stands for. A placeholder that an
    /// attribute wrote stands for the schemes of all issuers and of API keys, or for the scheme of
    /// one of them. The tokens of each issuer may also come in the cookies.
    /// Returns `None` if `written` is not a placeholder.
    pub(super) fn names_for(&self, written: &str, takes_keys: bool) -> Option<Vec<String>> {
        let suffix = written.strip_prefix(DEFAULT_SCHEME)?;
        let issuer = match suffix.strip_prefix('@') {
            None if suffix.is_empty() => None,
            None => return None,
            issuer => issuer,
        };
        let of_issuers = self.names().into_iter().zip(&self.issuers).filter(|(_, known)| {
            let text = known.name.as_deref().unwrap_or(&known.identifier);
            issuer.is_none_or(|issuer| issuer == text)
        });
        let mut names: Vec<_> = of_issuers.map(|(name, _)| name).collect();
        if !names.is_empty() {
            names.extend(self.cookie_schemes().map(|(name, _)| name));
        }
        let of_keys = takes_keys && issuer.is_none_or(|issuer| issuer == api_key::ISSUER);
        names.extend(self.api_key_name().filter(|_| of_keys));
        Some(names)
    }

    /// Returns true if the guard of an operation with this extension refuses a cookie that a page of
    /// another origin sent. An operation for everybody ignores such a cookie.
    pub(super) fn refuses_other_origins(&self, access: &Value) -> bool {
        !self.cookies.is_empty() && access.get("requires").is_some()
    }

    /// Returns the kind of the scheme of an issuer. Only `Authorization: Bearer` is a place that
    /// the kinds `oauth2` and `openIdConnect` describe (OpenAPI, Security Scheme Object).
    fn kind<'a>(&'a self, issuer: &'a DescribedIssuer) -> Kind<'a> {
        match &self.token_location {
            TokenLocation::Bearer => issuer.kind(),
            TokenLocation::Scheme(scheme) => Kind::Http(scheme),
            TokenLocation::Header(name) => Kind::Header(name.as_str()),
        }
    }

    /// Returns the schemes with their names. Each scheme contains the given scopes and the scopes
    /// that [`scopes`](Self::scopes) added.
    pub(super) fn schemes<'a>(
        &'a self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(String, Scheme<'a>)> {
        let mut scopes: BTreeMap<&str, &str> = used.into_iter().map(|name| (name, "")).collect();
        scopes.extend(self.scopes.iter().map(|entry| (entry.name, entry.description)));
        let schemes = self.issuers.iter().map(|issuer| Scheme {
            description: format!("Access tokens of {}", issuer.identifier),
            kind: self.kind(issuer),
            scopes: scopes.clone(),
        });
        let of_cookies = self.cookie_schemes().map(|(name, cookie)| (name, cookie.scheme()));
        let api_keys = self.api_keys.as_ref().map(ApiKeyScheme::scheme);
        let of_keys = self.api_key_name().zip(api_keys);
        self.names().into_iter().zip(schemes).chain(of_cookies).chain(of_keys).collect()
    }
}

/// Replaces each character that the Components Object of OpenAPI does not allow in a name by `_`.
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
        let url = self.metadata.as_ref().and_then(MetadataSource::url);
        url.map_or(Kind::Bearer, |url| Kind::OpenIdConnect(url.to_owned()))
    }
}
