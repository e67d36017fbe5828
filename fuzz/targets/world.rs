//! A server with one Ed25519 key, and tokens signed with this key.

use std::sync::LazyLock;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum_protected::{AccessToken, Issuer, ResourceServer, TokenError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tokio::runtime::Runtime;

pub const ISSUER: &str = "https://id.example.com";
pub const AUDIENCE: &str = "api";

static KEY: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap());

static SERVER: LazyLock<ResourceServer> = LazyLock::new(|| {
    let x = public_key();
    let key = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "k", "x": x});
    let issuer = Issuer::new(ISSUER).jwks(json!({"keys": [key]}));
    let server = ResourceServer::builder().issuer(issuer).audience(AUDIENCE);
    server.build().unwrap()
});

/// Waits for a verification and returns its result. The keys are configured, so the verification
/// does not wait for the network.
pub fn judge<F: Future<Output = Result<AccessToken, TokenError>>>(
    judge: impl FnOnce(&'static ResourceServer) -> F,
) -> Result<AccessToken, TokenError> {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let builder = &mut tokio::runtime::Builder::new_current_thread();
        builder.enable_time().build().unwrap()
    });
    RUNTIME.block_on(judge(&SERVER))
}

/// Encodes these bytes as header and payload, and returns a token signed with the key.
pub fn signed(header: &[u8], payload: &[u8]) -> String {
    let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
    let input = format!("{header}.{payload}");
    let signature = KEY.sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

/// Returns the public key as the member `x` of a JWK has it.
pub fn public_key() -> String {
    URL_SAFE_NO_PAD.encode(KEY.public_key().as_ref())
}
