//! The security schemes of the issuers and the API keys of a server.

use super::api_key_scheme::ApiKeyScheme;
use super::cookie_scheme::CookieScheme;
use super::proof_schemes::DpopScheme;
use super::security::{DescribedIssuer, OpenApiSecurity};
use crate::server::ResourceServer;

impl ResourceServer {
    /// Returns the security schemes for an OpenAPI document. The schemes tell readers of the
    /// document where to get tokens for this server.
    ///
    /// This method makes no HTTP requests. The scheme of an issuer with metadata contains the URL
    /// of the metadata. The scheme of an issuer with configured keys contains only the type of the
    /// tokens. The scheme of API keys contains their place in a request, and the scheme of a cookie
    /// its name. If the server has a backend for browsers, build the backend first: it sets the
    /// name of the cookie of its sessions.
    pub fn openapi_security(&self) -> OpenApiSecurity {
        let mut issuers: Vec<_> = self.issuers().collect();
        issuers.sort_by_key(|issuer| &issuer.identifier);
        let described = issuers.into_iter().map(|issuer| DescribedIssuer {
            identifier: issuer.identifier.clone(),
            name: issuer.rules.issuer_name.as_deref().map(str::to_owned),
            metadata: issuer.metadata.clone(),
            endpoints: None,
        });
        let api_keys = self.key_place().cloned().map(ApiKeyScheme);
        let cookies = self
            .token_cookie()
            .map(CookieScheme::of_token)
            .into_iter()
            .chain(self.session_cookie().map(CookieScheme::of_session));
        let mut security = OpenApiSecurity::new(described.collect(), self.token_location().clone());
        security.api_keys = api_keys;
        security.cookies = cookies.collect();
        security.requires_certificates = self.configuration().certificate_bound_tokens_required;
        security.requires_binding = self.configuration().fapi2;
        security.dpop = self.dpop().map(|judge| DpopScheme {
            is_required: judge.is_required(),
            has_nonces: judge.nonce().is_some(),
        });
        security
    }
}
