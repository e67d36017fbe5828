//! The security schemes of a server's issuers.

use super::security::{DescribedIssuer, OpenApiSecurity};
use crate::server::ResourceServer;

impl ResourceServer {
    /// The security schemes of an OpenAPI document, by which its readers get tokens for this server.
    ///
    /// No network is needed: an issuer that has metadata is described by where it is, one whose
    /// keys were configured by the kind of its tokens.
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
