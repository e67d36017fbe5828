//! The settings of an issuer that say where its keys are, as one list.

use std::path::Path;

use serde_json::Value;

use super::issuer::Issuer;
use super::shared_secret::SharedSecret;

/// Setting that says where the keys of an issuer are. An issuer without such a setting publishes
/// them at the `jwks_uri` in its metadata.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) enum KeySetting<'a> {
    JwksUri(&'a str),
    Jwks(&'a Value),
    JwksFile(&'a Path),
    PublicKeyPem(&'a str),
    PublicKeyDer(&'a [u8]),
    SharedSecret(&'a SharedSecret),
    SharedSecretFile(&'a Path),
}

impl KeySetting<'_> {
    /// Returns the name of the setting in code and in files.
    pub(in crate::server) const fn name(self) -> &'static str {
        match self {
            Self::JwksUri(_) => "jwks_uri",
            Self::Jwks(_) => "jwks",
            Self::JwksFile(_) => "jwks_file",
            Self::PublicKeyPem(_) => "public_key_pem",
            Self::PublicKeyDer(_) => "public_key_der",
            Self::SharedSecret(_) => "shared_secret",
            Self::SharedSecretFile(_) => "shared_secret_file",
        }
    }

    pub(in crate::server) const fn is_secret(self) -> bool {
        matches!(self, Self::SharedSecret(_) | Self::SharedSecretFile(_))
    }
}

impl Issuer {
    /// Returns all settings of this issuer that say where its keys are. A valid configuration has at
    /// most one.
    pub(in crate::server) fn key_settings(&self) -> impl Iterator<Item = KeySetting<'_>> {
        [
            self.jwks_uri.as_deref().map(KeySetting::JwksUri),
            self.jwks.as_ref().map(KeySetting::Jwks),
            self.jwks_file.as_deref().map(KeySetting::JwksFile),
            self.public_key_pem.as_deref().map(KeySetting::PublicKeyPem),
            self.public_key_der.as_deref().map(KeySetting::PublicKeyDer),
            self.shared_secret.as_ref().map(KeySetting::SharedSecret),
            self.shared_secret_file.as_deref().map(KeySetting::SharedSecretFile),
        ]
        .into_iter()
        .flatten()
    }

    /// Returns true if the issuer signs its tokens with a shared secret.
    pub(in crate::server) fn has_secret(&self) -> bool {
        self.key_settings().any(KeySetting::is_secret)
    }

    /// Returns true if the keys come from the network.
    pub(in crate::server) fn has_fetched_keys(&self) -> bool {
        self.key_settings().all(|setting| matches!(setting, KeySetting::JwksUri(_)))
    }
}
