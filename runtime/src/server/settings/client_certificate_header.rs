//! The setting that names the header with a client's certificate.

use serde::Deserialize;

use crate::transport::ClientCertificateFormat;

/// The header in which trusted proxies report the certificate of a client: its format, and its name
/// if that is not the default name of the format.
///
/// In a configuration file it is an object with the fields `format` and `name`:
///
/// ```
/// use axum_protected::ResourceServerBuilder;
///
/// let builder: ResourceServerBuilder = serde_json::from_str(r#"{
///     "issuers": [{ "issuer": "https://id.example.com" }],
///     "audiences": ["https://api.example.com"],
///     "trusted_proxies": ["10.0.0.0/8"],
///     "client_certificate_header": { "format": "nginx", "name": "ssl-client-cert" }
/// }"#)?;
/// builder.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientCertificateHeader {
    pub(in crate::server) format: ClientCertificateFormat,
    #[serde(default)]
    pub(in crate::server) name: Option<String>,
}

impl ClientCertificateHeader {
    /// Creates the setting for a format, with the default name of its header.
    #[must_use]
    pub const fn new(format: ClientCertificateFormat) -> Self {
        Self { format, name: None }
    }

    /// Sets the name of the header.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl From<ClientCertificateFormat> for ClientCertificateHeader {
    fn from(format: ClientCertificateFormat) -> Self {
        Self::new(format)
    }
}
