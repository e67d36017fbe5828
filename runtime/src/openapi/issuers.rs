//! The security schemes of the issuers of a server.

use super::security::{DescribedIssuer, OpenApiSecurity};
use crate::server::ResourceServer;

impl ResourceServer {
    /// Returns the security schemes for an OpenAPI document. The schemes tell readers of the
    /// document where to get tokens for this server.
    ///
    /// This method makes no HTTP requests. The scheme of an issuer with metadata contains the URL
    /// of the metadata. The scheme of an issuer with configured keys contains only the type of the
    /// tokens.
    pub fn openapi_security(&self) -> OpenApiSecurity {
        let mut issuers: Vec<_> = self.issuers().collect();
        issuers.sort_by_key(|issuer| &issuer.identifier);
        let described = issuers.into_iter().map(|issuer| DescribedIssuer {
            identifier: issuer.identifier.clone(),
            name: issuer.rules.issuer_name.as_deref().map(str::to_owned),
            metadata: issuer.metadata.clone(),
            endpoints: None,
        });
        OpenApiSecurity::new(described.collect(), self.token_location().clone())
    }
}
