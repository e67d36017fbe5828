//! Root certificates that are trusted for https requests.

use super::tls;

/// Root certificates of a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Roots {
    /// The certificates in DER.
    certificates: Vec<Vec<u8>>,
    /// True if the certificates replace those of the system.
    replaces_system: bool,
}

impl Roots {
    /// Adds the certificates of a PEM text. The error says what is wrong with the text.
    pub(crate) fn add_pem(&mut self, pem: &[u8]) -> Result<(), String> {
        if pem.trim_ascii().is_empty() {
            return Err("is empty".to_owned());
        }
        // A file with a key was probably meant for a server. Its key must not be spread further.
        if String::from_utf8_lossy(pem).contains("PRIVATE KEY-----") {
            return Err("contains a private key: remove it".to_owned());
        }
        let certificates = tls::read_pem(pem)?;
        if certificates.is_empty() {
            return Err("has no certificate in PEM (`-----BEGIN CERTIFICATE-----`)".to_owned());
        }
        self.certificates.extend(certificates);
        Ok(())
    }

    /// Makes the added certificates the only ones that are trusted.
    pub(crate) fn replace_system(&mut self) {
        self.replaces_system = true;
    }

    /// Returns roots that trust no certificate.
    pub(super) fn none() -> Self {
        Self { certificates: Vec::new(), replaces_system: true }
    }

    /// Returns true if no server can be trusted.
    pub(crate) fn is_none(&self) -> bool {
        self.replaces_system() && self.certificates().is_empty()
    }

    /// Returns true if the server trusts only the certificates of the system.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    pub(super) fn replaces_system(&self) -> bool {
        self.replaces_system
    }
}
