//! The hash with which an ID token names its access token (OpenID Connect Core section 3.1.3.6).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::algorithm::Algorithm;

/// Returns the left half of the hash of an access token in base64url. The hash is that of the
/// signature algorithm of the ID token.
///
/// The specification names no hash for `EdDSA`. Providers use SHA-512, the hash inside Ed25519 (RFC
/// 8032 section 5.1): the library `oidc-token-hash` of oidc-provider and Keycloak do.
pub(super) fn access_token_hash(algorithm: Algorithm, access_token: &str) -> String {
    use Algorithm::{
        ES256, ES384, ES512, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256, RS384, RS512,
    };
    match algorithm {
        RS256 | PS256 | ES256 | HS256 => left_half(&Sha256::digest(access_token)),
        RS384 | PS384 | ES384 | HS384 => left_half(&Sha384::digest(access_token)),
        RS512 | PS512 | ES512 | HS512 | EdDSA => left_half(&Sha512::digest(access_token)),
    }
}

fn left_half(hash: &[u8]) -> String {
    let (left, _) = hash.split_at(hash.len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}
