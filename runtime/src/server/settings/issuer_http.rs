//! The settings of the requests that the server sends to an issuer.

use std::path::PathBuf;

use super::header_source::HeaderSource;
use super::issuer::Issuer;

impl Issuer {
    /// Permits plain http for this issuer's metadata and keys, also outside of loopback. Whoever
    /// can change traffic between the server and the issuer can then replace the keys and forge
    /// tokens. Use this setting only in a network that you trust, such as the network of a
    /// docker-compose file. The server logs a warning with the host when it is built.
    #[must_use]
    pub fn insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }

    /// Sets the path of a PEM file with root certificates that are trusted for https requests to
    /// this issuer, in addition to those of the system. The server reads the file when it is built.
    #[must_use]
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// Adds root certificates in PEM that are trusted for https requests to this issuer, in
    /// addition to those of the system.
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Trusts only the added root certificates for https requests to this issuer, and not those of
    /// the system.
    #[must_use]
    pub fn distrust_system_root_certificates(mut self) -> Self {
        self.distrust_system_roots = true;
        self
    }

    /// Adds a header to the requests for this issuer's metadata and keys. The server sends the
    /// header only to the origins that the configuration names, not to an origin that a fetched
    /// document names.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), HeaderSource::Text(value.into()));
        self
    }

    /// Adds a header like [`header`](Self::header), whose value is the content of a file. The
    /// server reads the file anew for each fetch, and ignores white space at the end of the file.
    #[must_use]
    pub fn header_from_file(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        let source = HeaderSource::File { file: path.into(), prefix: String::new() };
        self.headers.insert(name.into(), source);
        self
    }

    /// Adds the header `Authorization: Bearer` with the token in a file, such as the token of a
    /// Kubernetes service account. The server reads the file like
    /// [`header_from_file`](Self::header_from_file).
    #[must_use]
    pub fn bearer_token_file(mut self, path: impl Into<PathBuf>) -> Self {
        let source = HeaderSource::File { file: path.into(), prefix: "Bearer ".to_owned() };
        self.headers.insert("authorization".to_owned(), source);
        self
    }
}
