//! The settings of the HTTP client that fetches the keys of issuers.

use std::sync::Arc;

use super::builder::ResourceServerBuilder;
use crate::fetch::Fetch;

impl ResourceServerBuilder {
    /// Replaces the HTTP client of the server. The [module documentation](crate::fetch) has an
    /// example.
    #[must_use]
    pub fn fetch(mut self, client: impl Fetch) -> Self {
        self.http.fetch = Some(Arc::new(client));
        self
    }

    /// Adds root certificates in PEM that are trusted for https requests to all issuers, in
    /// addition to those of the system. [`Issuer::root_certificates`](super::Issuer::root_certificates)
    /// adds root certificates for one issuer.
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self
    }

    /// Trusts only the added root certificates for https requests to issuers, and not those of the
    /// system.
    #[must_use]
    pub fn distrust_system_root_certificates(mut self) -> Self {
        self.http.distrust_system_roots = true;
        self
    }
}
