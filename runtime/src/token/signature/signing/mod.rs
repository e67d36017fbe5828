//! Signs with a private key of the server, for client authentication by `private_key_jwt` (RFC 7523
//! section 2.2).

mod der;
mod pem;

use std::fmt;

#[cfg(feature = "aws_lc_rs")]
mod aws_lc;
#[cfg(feature = "aws_lc_rs")]
use self::aws_lc as backend;

#[cfg(all(feature = "rust_crypto", not(feature = "aws_lc_rs")))]
mod rust_crypto;
#[cfg(all(feature = "rust_crypto", not(feature = "aws_lc_rs")))]
use self::rust_crypto as backend;

#[cfg(not(any(feature = "aws_lc_rs", feature = "rust_crypto")))]
mod none;
#[cfg(not(any(feature = "aws_lc_rs", feature = "rust_crypto")))]
use self::none as backend;

use crate::algorithm::Algorithm;

/// Private key in the encoding that both backends read.
#[cfg_attr(
    not(any(feature = "aws_lc_rs", feature = "rust_crypto")),
    allow(dead_code, reason = "no backend reads it")
)]
enum PrivateKey {
    /// `RSAPrivateKey` (RFC 8017 appendix A.1.2).
    Rsa(Vec<u8>),
    /// `PrivateKeyInfo` (RFC 5208 section 5) of a key on an elliptic curve.
    Ec(Vec<u8>),
    /// `PrivateKeyInfo` of an Ed25519 key.
    Ed25519(Vec<u8>),
}

/// Private key that signs with one algorithm. `Debug` does not write the key.
pub(crate) struct SigningKey {
    algorithm: Algorithm,
    key: backend::Key,
}

impl SigningKey {
    /// Reads one private key in PEM: PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC
    /// PRIVATE KEY`). The error is the predicate of a sentence about the file, and contains no part of
    /// it.
    pub(crate) fn from_pem(text: &str, algorithm: Algorithm) -> Result<Self, String> {
        if algorithm.is_symmetric() {
            return Err(format!(
                "cannot sign with `{algorithm}`, which needs a shared secret: choose an algorithm \
                 with a private key"
            ));
        }
        let key = pem::private_key(text, algorithm)?;
        let mismatch = || {
            format!(
                "does not have a key for `{algorithm}`, or the key is too short or damaged: choose \
                 the algorithm of the key"
            )
        };
        let key = match (&key, algorithm) {
            (PrivateKey::Ed25519(_), Algorithm::EdDSA) => backend::Key::parse(algorithm, &key),
            (PrivateKey::Ec(_), _) if der::curve(algorithm).is_some() => {
                backend::Key::parse(algorithm, &key)
            }
            (PrivateKey::Rsa(_), _)
                if der::curve(algorithm).is_none() && algorithm != Algorithm::EdDSA =>
            {
                backend::Key::parse(algorithm, &key)
            }
            _ => None,
        };
        Ok(Self { algorithm, key: key.ok_or_else(mismatch)? })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Signs a message. Returns `None` if the backend fails, for example for lack of randomness.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.key.sign(message)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, any(feature = "aws_lc_rs", feature = "rust_crypto")))]
mod tests;
