//! Tests tokens that another JWT implementation signs. This build enables both cryptographic
//! backends of the other implementation. The tests therefore name one backend, because the
//! automatic choice would panic.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use axum_protected::Issuer;
use axum_protected_tests::{AUDIENCE, encode, trusting};
use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{ISSUER, check};

/// Generates private keys for the other implementation, with the JWKs of their public keys.
fn pairs() -> [(Algorithm, EncodingKey, Value); 2] {
    let edwards = Ed25519KeyPair::generate().unwrap();
    let private = EncodingKey::from_ed_der(edwards.to_pkcs8v1().unwrap().as_ref());
    let x = encode(edwards.public_key().as_ref());
    let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
    let elliptic = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let private_ec = EncodingKey::from_ec_der(elliptic.to_pkcs8v1().unwrap().as_ref());
    let (x, y) = elliptic.public_key().as_ref()[1..].split_at(32);
    let public_ec = json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) });
    [(Algorithm::EdDSA, private, public), (Algorithm::ES256, private_ec, public_ec)]
}

fn sign(algorithm: Algorithm, key: &EncodingKey, claims: &Value) -> String {
    let header = json!({ "alg": format!("{algorithm:?}"), "typ": "JWT" });
    let input = [header, claims.clone()].map(|part| encode(part.to_string())).join(".");
    let signer = (DEFAULT_PROVIDER.signer_factory)(&algorithm, key).unwrap();
    let signature = signer.try_sign(input.as_bytes()).unwrap();
    format!("{input}.{}", encode(signature))
}

#[tokio::test]
async fn tokens_of_another_implementation_are_verified() {
    let claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "exp": 4_000_000_000_u64 });
    for (algorithm, private, public) in pairs() {
        let set = json!({ "keys": [public] });
        let server = trusting(Issuer::new(ISSUER).jwks(set)).build().unwrap();
        let token = sign(algorithm, &private, &claims);
        let mut late = claims.clone();
        late["exp"] = 1.into();
        let late = sign(algorithm, &private, &late);
        let (content, _) = late.rsplit_once('.').unwrap();
        let (_, signature) = token.rsplit_once('.').unwrap();
        let (start, _) = token.split_once('.').unwrap();
        let other = json!({ "iss": ISSUER, "aud": AUDIENCE, "exp": 4_000_000_001_u64 });
        let spliced = format!("{start}.{}.{signature}", encode(other.to_string()));
        let cases = [
            ("theirs".to_owned(), token.clone(), "ok"),
            ("expired".to_owned(), late.clone(), "expired_token"),
            ("spliced, expired".to_owned(), format!("{content}.{signature}"), "expired_token"),
            ("spliced".to_owned(), spliced, "invalid_signature"),
        ];
        check(&server, cases).await;
    }
}
