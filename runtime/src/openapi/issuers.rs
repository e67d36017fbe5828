//! The security schemes of a server's issuers.

use super::security::{DescribedIssuer, OpenApiSecurity};
use crate::server::ResourceServer;

impl ResourceServer {
    /// Returns the security schemes for an OpenAPI document. They tell readers where to get tokens for
    /// this server.
    ///
    /// Makes no requests. An issuer with metadata is described by its URL, an issuer with configured
    /// keys by the type of its tokens.
    pub fn openapi_security(&self) -> OpenApiSecurity {
        let mut issuers: Vec<_> = self.issuers().collect();
        issuers.sort_by_key(|issuer| &issuer.identifier);
        let described = issuers.into_iter().map(|issuer| DescribedIssuer {
            identifier: issuer.identifier.clone(),
            name: issuer.rules.issuer_name.as_deref().map(str::to_owned),
            metadata: issuer.metadata.clone(),
            endpoints: None,
        });
        OpenApiSecurity::new(described.collect())
    }
}
