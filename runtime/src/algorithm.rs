//! Signature algorithms that the configuration of an issuer can allow.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Signature algorithm of RFC 7518 section 3.1, RFC 8037 or RFC 9864.
///
/// `none` cannot be configured (RFC 8725 section 3.2). The HMAC algorithms [`HMAC`](Self::HMAC) are
/// accepted only from an issuer with a [`shared_secret`](crate::Issuer::shared_secret), and such an
/// issuer has no other algorithms. A published key can therefore never serve as a shared secret
/// (RFC 8725 section 2.1).
///
/// ```
/// use axum_protected::Algorithm;
///
/// assert_eq!(Algorithm::named("ES256"), Some(Algorithm::ES256));
/// assert_eq!(Algorithm::named("es256"), None);
/// assert_eq!(Algorithm::named("none"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512
    RS512,
    /// RSASSA-PSS with SHA-256
    PS256,
    /// RSASSA-PSS with SHA-384
    PS384,
    /// RSASSA-PSS with SHA-512
    PS512,
    /// ECDSA on P-256 with SHA-256
    ES256,
    /// ECDSA on P-384 with SHA-384
    ES384,
    /// ECDSA on P-521 with SHA-512; requires the feature `aws_lc_rs`
    ES512,
    /// `EdDSA` with Ed25519 only; `Ed25519` is accepted as another name (RFC 9864)
    #[serde(alias = "Ed25519")]
    EdDSA,
    /// HMAC with SHA-256; only with a shared secret
    HS256,
    /// HMAC with SHA-384; only with a shared secret
    HS384,
    /// HMAC with SHA-512; only with a shared secret
    HS512,
}

impl Algorithm {
    /// All asymmetric algorithms: those of an issuer that publishes its keys.
    pub const ALL: [Self; 10] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::EdDSA,
    ];

    /// The symmetric algorithms: those of an issuer with a shared secret.
    pub const HMAC: [Self; 3] = [Self::HS256, Self::HS384, Self::HS512];

    /// Returns the algorithm with this `alg` value, compared case-sensitively (RFC 7515 section 4.1.1).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "Ed25519" => Some(Self::EdDSA),
            _ => Self::ALL.into_iter().chain(Self::HMAC).find(|algorithm| algorithm.name() == name),
        }
    }

    /// Returns true if signer and verifier use the same secret.
    pub(crate) fn is_symmetric(self) -> bool {
        Self::HMAC.contains(&self)
    }

    /// Returns the registered `alg` value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
