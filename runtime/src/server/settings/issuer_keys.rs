//! The settings of an issuer that say where its keys are.

use std::path::PathBuf;

use serde_json::Value;

use super::issuer::Issuer;
use super::shared_secret::SharedSecret;
use crate::introspection::Introspection;

impl Issuer {
    /// Sets the URL of the issuer's metadata (OpenID Connect Discovery or RFC 8414), for an issuer
    /// that publishes it somewhere else than below its identifier. The `issuer` in the document
    /// must equal the configured identifier.
    ///
    /// If [`jwks_uri`](Self::jwks_uri) is set too, the server fetches the keys from there and uses
    /// the metadata only for API documents.
    #[must_use]
    pub fn metadata_url(mut self, url: impl Into<String>) -> Self {
        self.metadata_url = Some(url.into());
        self
    }

    /// Sets the URL of the issuer's JWK set. The server then does not use discovery for this
    /// issuer.
    #[must_use]
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Sets the issuer's JWK set (RFC 7517 section 5). The server then never fetches keys of this
    /// issuer.
    #[must_use]
    pub fn jwks(mut self, set: Value) -> Self {
        self.jwks = Some(set);
        self
    }

    /// Sets the path of a file with the issuer's keys: a JWK set or public keys in PEM, at most 512
    /// KiB. The server reads the file when it is built, then every 10 s, and when a token needs a
    /// key that the file did not contain. If the file later vanishes or becomes unusable, the server
    /// keeps the last keys and logs a warning.
    ///
    /// The server skips unusable keys of a JWK set and logs a warning for each. It opens the path
    /// anew each time, so a file that is renamed to this path replaces the keys.
    #[must_use]
    pub fn jwks_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.jwks_file = Some(path.into());
        self
    }

    /// Sets the issuer's public key in PEM (RFC 7468): RSA, P-256, P-384, P-521 or Ed25519, as
    /// `PUBLIC KEY` or `RSA PUBLIC KEY`. The key verifies tokens with any `kid`. The text may contain
    /// several keys for different algorithms. The server then never fetches keys of this issuer.
    ///
    /// ```
    /// use axum_protected::{Issuer, ResourceServer};
    ///
    /// let pem = "-----BEGIN PUBLIC KEY-----
    ///     MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    ///     -----END PUBLIC KEY-----";
    /// let issuer = Issuer::new("batch-jobs").public_key_pem(pem);
    /// let server = ResourceServer::builder().issuer(issuer).audience("api").build()?;
    /// # Ok::<(), axum_protected::ConfigError>(())
    /// ```
    #[must_use]
    pub fn public_key_pem(mut self, pem: impl Into<String>) -> Self {
        self.public_key_pem = Some(pem.into());
        self
    }

    /// Sets the issuer's public key as DER of a `SubjectPublicKeyInfo` (RFC 5280 section 4.1). The
    /// key verifies tokens with any `kid`. The server then never fetches keys of this issuer.
    #[must_use]
    pub fn public_key_der(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.public_key_der = Some(der.into());
        self
    }

    /// Sets a seed: a JWK set that the server uses until its first fetch of the issuer's keys
    /// succeeds. With a seed, the server can verify tokens even if it starts while the issuer
    /// cannot be reached. The server uses the seed for at most 10 h after the server was built. The
    /// seed may be a copy of the set that the issuer publishes. The server skips unusable keys of
    /// the seed and logs a warning for each.
    ///
    /// ```
    /// use axum_protected::{Issuer, ResourceServer};
    /// # let saved = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    ///
    /// let issuer = Issuer::new("https://id.example.com").seed_jwks(serde_json::from_str(saved)?);
    /// let server = ResourceServer::builder().issuer(issuer).audience("api").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The server fetches the issuer's keys immediately even if a seed is set. Protect the file
    /// that contains the seed, because write access to the seed allows an attacker to forge tokens.
    /// Remove keys from the seed that the issuer has withdrawn.
    #[must_use]
    pub fn seed_jwks(mut self, set: Value) -> Self {
        self.seed_jwks = Some(set);
        self
    }

    /// Sets the octets of a secret with which a program signs its own tokens (HMAC, RFC 7518
    /// section 3.2). The default algorithm of such an issuer is HS256. The secret must be at least
    /// as long as the hash of each algorithm: 32, 48 or 64 octets.
    ///
    /// In a file, `shared_secret` is base64 or base64url of the octets. An issuer with a secret has
    /// no other keys, and no key of a JWK set ever becomes a secret. The guide shows a
    /// [login](crate::guide::own_tokens) that signs with a secret.
    #[must_use]
    pub fn shared_secret(mut self, octets: impl Into<Vec<u8>>) -> Self {
        self.shared_secret = Some(SharedSecret::Octets(octets.into()));
        self
    }

    /// Asks the issuer about its tokens (RFC 7662). The issuer may then give opaque tokens, and the
    /// server refuses tokens that the issuer has withdrawn.
    ///
    /// [`Mode`](crate::introspection::Mode) states the tokens about which the server asks. Without
    /// a setting for keys, the server asks about all tokens and fetches no keys. The
    /// [guide](crate::guide::opaque_tokens) shows the configurations.
    #[must_use]
    pub fn introspection(mut self, introspection: Introspection) -> Self {
        self.introspection = Some(introspection);
        self
    }

    /// Sets the path of a file that contains the secret of [`shared_secret`](Self::shared_secret)
    /// as base64 or base64url. White space at the end of the file is ignored. The server reads the
    /// file when it is built.
    #[must_use]
    pub fn shared_secret_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.shared_secret_file = Some(path.into());
        self
    }
}
