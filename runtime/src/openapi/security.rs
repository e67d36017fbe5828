//! The security schemes of an OpenAPI document. The schemes tell readers of the document where to
//! get tokens.

use std::collections::BTreeMap;

use serde_json::Value;

use super::DEFAULT_SCHEME;
use super::api_key_scheme::ApiKeyScheme;
use super::component_name::component_name;
use super::cookie_scheme::CookieScheme;
use super::placeholder::Used;
use super::proof_schemes::{DpopScheme, mutual_tls};
use super::scheme::{Kind, Scheme};
use crate::credential::TokenLocation;
use crate::keys::{Endpoints, MetadataSource};
use crate::policy::{ScopeEntry, Scopes};

/// The security schemes of an OpenAPI document: one for each issuer, one for API keys, one for each
/// cookie that contains a token or names a session, and those of proofs of possession.
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
    pub(super) name: String,
    token_location: TokenLocation,
    pub(super) issuers: Vec<DescribedIssuer>,
    pub(super) api_keys: Option<ApiKeyScheme>,
    pub(super) cookies: Vec<CookieScheme>,
    /// The scheme of tokens with a proof. `None` if the server takes no proofs.
    pub(super) dpop: Option<DpopScheme>,
    /// True if the server refuses tokens that are not bound to a client certificate.
    pub(super) requires_certificates: bool,
    /// True if the server refuses tokens that are bound neither to a key nor to a certificate.
    pub(super) requires_binding: bool,
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
            dpop: None,
            requires_certificates: false,
            requires_binding: false,
            scopes: Vec::new(),
        }
    }

    /// Sets the name of the security scheme. The default name is `oauth2`. If the server has
    /// several issuers, this name applies only to issuers without a configured name, each with a
    /// number appended; the scheme of another issuer has the configured name of that issuer.
    /// Characters that OpenAPI does not allow in names (Components Object) become `_`. The scheme of
    /// API keys has the name `api_key`, those of cookies have the names `token_cookie` and
    /// `session_cookie`, the one of tokens with a DPoP proof `DPoP`, and the one of client
    /// certificates `mutualTLS`.
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

    /// Returns true if the guard of an operation with this extension refuses a cookie that a page of
    /// another origin sent. An operation for everybody ignores such a cookie.
    pub(super) fn refuses_other_origins(&self, access: &Value) -> bool {
        !self.cookies.is_empty() && access.get("requires").is_some()
    }

    /// Returns true if the guards may refuse a proof that does not contain a nonce of the server.
    pub(super) fn demands_nonces(&self) -> bool {
        self.dpop.is_some_and(|dpop| dpop.has_nonces)
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

    /// Returns the schemes with their names. Each scheme of an issuer contains the scopes of the
    /// document and the scopes that [`scopes`](Self::scopes) added.
    pub(super) fn schemes<'a>(&'a self, used: &'a Used) -> Vec<(String, Scheme<'a>)> {
        let mut scopes: BTreeMap<&str, &str> =
            used.scopes.iter().map(|name| (name.as_str(), "")).collect();
        scopes.extend(self.scopes.iter().map(|entry| (entry.name, entry.description)));
        let of_issuers = self.issuers.iter().map(|issuer| Scheme {
            description: format!("Access tokens of {}", issuer.identifier),
            kind: self.kind(issuer),
            scopes: scopes.clone(),
        });
        let has_dpop = self.dpop.is_some() || used.dpop;
        let has_certificates =
            self.requires_certificates || self.requires_binding || used.certificate;
        let of_proofs = [
            self.dpop_name().filter(|_| has_dpop).zip(Some(DpopScheme::scheme())),
            self.mutual_tls_name().filter(|_| has_certificates).zip(Some(mutual_tls())),
        ];
        let of_cookies = self.cookie_schemes().map(|(name, cookie)| (name, cookie.scheme()));
        let api_keys = self.api_keys.as_ref().map(ApiKeyScheme::scheme);
        self.names()
            .into_iter()
            .zip(of_issuers)
            .chain(of_proofs.into_iter().flatten())
            .chain(of_cookies)
            .chain(self.api_key_name().zip(api_keys))
            .collect()
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
        let url = self.metadata.as_ref().and_then(MetadataSource::url);
        url.map_or(Kind::Bearer, |url| Kind::OpenIdConnect(url.to_owned()))
    }
}
