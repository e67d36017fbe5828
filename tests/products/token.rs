//! Signs the tokens that recipes show.

use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use aws_lc_rs::hmac;
use axum_protected::Algorithm;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::encode;
use serde_json::{Map, Value};

use super::files;
use super::recipe::ShownToken;

/// Claims that a new [`TokenBuilder`] has.
const DEFAULT_CLAIMS: [&str; 7] = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"];

/// Settings of an issuer that say where its keys are. The keys of this test replace them.
const KEY_ORIGIN: [&str; 5] = ["jwks_uri", "metadata_url", "ca_file", "headers", "insecure_http"];

/// Signs the token. Changes the configuration so that its issuers have the key of the signature, and
/// leaves all other settings as they are.
pub(super) fn sign(token: &ShownToken, document: &mut Value) -> String {
    let claims = current(&token.claims);
    for issuer in document["issuers"].as_array_mut().unwrap() {
        let settings = issuer.as_object_mut().unwrap();
        settings.retain(|name, _| !KEY_ORIGIN.contains(&name.as_str()));
        if !settings.contains_key("shared_secret_file") {
            let jwks = jwks(settings.get("algorithms"));
            settings.insert("jwks".to_owned(), jwks);
        }
    }
    if token.header["alg"] == "HS256" {
        return sign_with_secret(&token.header, claims);
    }
    let algorithm: Algorithm = serde_json::from_value(token.header["alg"].clone()).unwrap();
    let builder = TokenBuilder::new(keys(), "", "").algorithm(algorithm).header("typ", Value::Null);
    let builder = DEFAULT_CLAIMS.iter().fold(builder, |builder, name| builder.without(name));
    let header = token.header.iter().filter(|(name, _)| *name != "kid");
    let builder =
        header.fold(builder, |builder, (name, value)| builder.header(name, value.clone()));
    claims.into_iter().fold(builder, |builder, (name, value)| builder.claim(&name, value)).sign()
}

fn sign_with_secret(header: &Map<String, Value>, claims: Map<String, Value>) -> String {
    let parts = [Value::Object(header.clone()), Value::Object(claims)];
    let input = parts.map(|part| encode(part.to_string())).join(".");
    let key = hmac::Key::new(hmac::HMAC_SHA256, files::SECRET);
    format!("{input}.{}", encode(hmac::sign(&key, input.as_bytes())))
}

/// Moves the times of the claims so that the token is issued now.
fn current(claims: &Map<String, Value>) -> Map<String, Value> {
    let now = SystemClock.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let issued = claims["iat"].as_u64().unwrap();
    let moved = |name: &str, value: &Value| match (name, value.as_u64()) {
        ("exp" | "iat" | "nbf" | "auth_time", Some(time)) => (now + time - issued).into(),
        _ => value.clone(),
    };
    claims.iter().map(|(name, value)| (name.clone(), moved(name, value))).collect()
}

/// Returns the public keys of these algorithms. By default, returns all keys.
fn jwks(algorithms: Option<&Value>) -> Value {
    let mut set = keys().jwks();
    if let Some(algorithms) = algorithms.and_then(Value::as_array) {
        set["keys"].as_array_mut().unwrap().retain(|key| algorithms.contains(&key["alg"]));
    }
    set
}

/// Returns a key for each algorithm of the recipes.
fn keys() -> &'static SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    let algorithms = [Algorithm::RS256, Algorithm::RS512, Algorithm::ES256, Algorithm::EdDSA];
    KEYS.get_or_init(|| SigningKeys::generate(&algorithms).unwrap())
}
