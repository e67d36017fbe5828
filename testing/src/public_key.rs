//! Verifies signatures with public keys in the form of JWKs (RFC 7517).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Map, Value};

use super::digest::decode;
use axum_protected::Algorithm;

/// The public key in a JWK, with the algorithm for which it is used.
enum PublicKey {
    Rsa(&'static RsaParameters, RsaPublicKeyComponents<Vec<u8>>),
    Curve(UnparsedPublicKey<Vec<u8>>),
}

/// Returns true if the signature of the message is that of the key. A key for another algorithm has
/// no signatures of this one.
pub(super) fn is_signature(
    jwk: &Map<String, Value>,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> bool {
    match public_key(jwk, algorithm) {
        Some(PublicKey::Curve(key)) => key.verify(message, signature).is_ok(),
        Some(PublicKey::Rsa(parameters, key)) => key.verify(parameters, message, signature).is_ok(),
        None => false,
    }
}

/// Returns the required members of a public key that can be used with this algorithm. The
/// thumbprint of the key consists of them.
pub(super) fn required_members(
    jwk: &Map<String, Value>,
    algorithm: Algorithm,
) -> Option<Map<String, Value>> {
    public_key(jwk, algorithm)?;
    let required: &[&str] = match jwk.get("kty").and_then(Value::as_str)? {
        "RSA" => &["e", "kty", "n"],
        "EC" => &["crv", "kty", "x", "y"],
        _ => &["crv", "kty", "x"],
    };
    required.iter().map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone()))).collect()
}

fn public_key(jwk: &Map<String, Value>, algorithm: Algorithm) -> Option<PublicKey> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let octets = |name: &str| text(name).and_then(decode);
    if let Some(parameters) = rsa(algorithm) {
        let key = RsaPublicKeyComponents { n: octets("n")?, e: octets("e")? };
        return (text("kty") == Some("RSA")).then_some(PublicKey::Rsa(parameters, key));
    }
    if algorithm == Algorithm::EdDSA {
        let is_of_curve = text("kty") == Some("OKP") && text("crv") == Some("Ed25519");
        let key = UnparsedPublicKey::new(&ED25519, octets("x")?);
        return is_of_curve.then_some(PublicKey::Curve(key));
    }
    let (curve, ecdsa) = ecdsa(algorithm)?;
    let point = [vec![4], octets("x")?, octets("y")?].concat();
    let is_of_curve = text("kty") == Some("EC") && text("crv") == Some(curve);
    is_of_curve.then(|| PublicKey::Curve(UnparsedPublicKey::new(ecdsa, point)))
}

fn ecdsa(algorithm: Algorithm) -> Option<(&'static str, &'static EcdsaVerificationAlgorithm)> {
    match algorithm {
        Algorithm::ES256 => Some(("P-256", &ECDSA_P256_SHA256_FIXED)),
        Algorithm::ES384 => Some(("P-384", &ECDSA_P384_SHA384_FIXED)),
        Algorithm::ES512 => Some(("P-521", &ECDSA_P521_SHA512_FIXED)),
        _ => None,
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::members;
    use crate::signing_key::SigningKey;

    fn key(algorithm: Algorithm) -> (SigningKey, Map<String, Value>) {
        let key = SigningKey::generate(algorithm, None).unwrap();
        let jwk = members(key.jwk().unwrap());
        (key, jwk)
    }

    #[test]
    fn only_the_signature_of_the_key_over_the_message_counts() {
        for algorithm in [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS512] {
            let ((key, jwk), (_, other)) = (key(algorithm), key(algorithm));
            let signature = key.sign(b"message").unwrap();
            assert!(is_signature(&jwk, algorithm, b"message", &signature), "{algorithm}");
            assert!(!is_signature(&jwk, algorithm, b"massage", &signature), "{algorithm}");
            assert!(!is_signature(&jwk, algorithm, b"message", b""), "{algorithm}");
            assert!(!is_signature(&other, algorithm, b"message", &signature), "{algorithm}");
            for wrong in Algorithm::ALL.into_iter().filter(|wrong| *wrong != algorithm) {
                assert!(!is_signature(&jwk, wrong, b"message", &signature), "{algorithm} {wrong}");
            }
        }
    }

    #[test]
    fn a_key_has_its_required_members_only() {
        let (key, jwk) = key(Algorithm::ES256);
        let required = key.public_members();
        assert_eq!(required_members(&jwk, Algorithm::ES256), required);
        assert_eq!(required_members(&jwk, Algorithm::EdDSA), None);
        for name in required.unwrap().keys() {
            let mut incomplete = jwk.clone();
            incomplete.remove(name);
            assert_eq!(required_members(&incomplete, Algorithm::ES256), None, "{name}");
        }
    }
}
