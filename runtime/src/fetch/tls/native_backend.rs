//! TLS by the library of the system.

use reqwest::{Certificate, ClientBuilder};

use super::super::roots::Roots;

/// Configuration of TLS connections.
#[derive(Debug, Clone)]
pub(in crate::fetch) struct Tls {
    certificates: Vec<Certificate>,
    replaces_system: bool,
}

impl Tls {
    /// Creates a configuration that trusts these roots.
    pub(in crate::fetch) fn new(roots: &Roots) -> Result<Self, String> {
        let certificates = roots.certificates().iter().map(|der| read(der));
        Ok(Self {
            certificates: certificates.collect::<Result<_, _>>()?,
            replaces_system: roots.replaces_system(),
        })
    }
}

/// Makes the client use this configuration.
pub(in crate::fetch) fn apply(tls: Tls, builder: ClientBuilder) -> ClientBuilder {
    let builder = builder.tls_backend_native();
    if tls.replaces_system {
        builder.tls_certs_only(tls.certificates)
    } else {
        builder.tls_certs_merge(tls.certificates)
    }
}

/// Returns an error if the certificate cannot be a root.
pub(super) fn check_certificate(der: &[u8]) -> Result<(), String> {
    read(der).map(drop)
}

fn read(der: &[u8]) -> Result<Certificate, String> {
    Certificate::from_der(der)
        .map_err(|error| format!("has a certificate that cannot be used: {error}"))
}
