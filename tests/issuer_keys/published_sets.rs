//! Tests key sets that do not conform to the standards in the ways in which issuers publish them.

use axum_protected::Algorithm;
use axum_protected_testing::SigningKeys;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::log::Entry;
use axum_protected_tests::{Log, Reply, ScriptedIssuer, fresh_key, keys, kid};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{code, pass, signed_by, warm};

const IRREGULAR: &str = "axum_protected.keys.irregular";
const LEFT_ASIDE: &str = "axum_protected.keys.left_aside";

/// Returns the only key of these keys as a JWK.
fn jwk(keys: &SigningKeys) -> Value {
    keys.jwks()["keys"][0].clone()
}

/// Returns the shared key of this type as a JWK.
fn shared(kty: &str) -> Value {
    let jwks = keys().jwks();
    let mut keys = jwks["keys"].as_array().unwrap().iter();
    keys.find(|key| key["kty"] == kty).unwrap().clone()
}

fn decoded(jwk: &Value, member: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(jwk[member].as_str().unwrap()).unwrap()
}

fn change(jwk: &mut Value, member: &str, change: impl FnOnce(&[u8]) -> String) {
    jwk[member] = change(&decoded(jwk, member)).into();
}

/// Returns a new key whose coordinate or point x begins with a zero octet.
fn key_with_leading_zero(algorithm: Algorithm) -> SigningKeys {
    std::iter::repeat_with(|| SigningKeys::generate(&[algorithm]).unwrap())
        .find(|keys| decoded(&jwk(keys), "x").first() == Some(&0))
        .unwrap()
}

/// Returns the warnings about keys: the name of the event, the `kid` and the reason.
fn warnings(entries: &[Entry]) -> Vec<(&'static str, String, String)> {
    let field = |entry: &Entry, name| entry.get(name).unwrap().to_owned();
    entries
        .iter()
        .filter(|entry| [IRREGULAR, LEFT_ASIDE].contains(&entry.name))
        .map(|entry| {
            assert_eq!(entry.level, tracing::Level::WARN);
            (entry.name, field(entry, "kid"), field(entry, "reason"))
        })
        .collect()
}

async fn publishing(members: &[Value]) -> ScriptedIssuer {
    let issuer = ScriptedIssuer::start().await;
    issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
    issuer
}

/// The key sets of these cases are modelled on sets of real deployments.
#[tokio::test]
async fn sets_of_real_deployments_are_used() {
    let cases = [
        (
            include_str!("../data/published_sets/n-padded.json"),
            vec!["a number is not encoded as base64url without padding"],
        ),
        (
            include_str!("../data/published_sets/ec-x-of-31-octets.json"),
            vec!["a coordinate has too few or too many leading zeros"],
        ),
        (include_str!("../data/published_sets/alg-null.json"), vec![]),
    ];
    for (set, reasons) in cases {
        let (log, _guard) = Log::open();
        let issuer = ScriptedIssuer::start().await;
        issuer.set(JWKS, Reply::text(200, set));
        let server = warm(&issuer).await;
        assert_eq!(server.health().issuers[0].keys, 1, "{set}");
        let warnings = warnings(&log.take());
        let found: Vec<_> = warnings.iter().map(|(_, _, reason)| reason.as_str()).collect();
        assert_eq!(found, reasons, "{set}");
    }
}

type Change = fn(&mut Value);

fn padded(jwk: &mut Value, members: &[&str], engine: &base64::engine::GeneralPurpose) {
    for member in members {
        change(jwk, member, |octets| engine.encode(octets));
    }
}

fn zero_before(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([&[0], octets].concat())
}

fn without_zero(octets: &[u8]) -> String {
    assert_eq!(octets[0], 0);
    URL_SAFE_NO_PAD.encode(&octets[1..])
}

/// Each of these keys verifies a token, and a warning names the key and what is wrong with it.
#[tokio::test]
async fn irregular_numbers_are_used_with_a_warning() {
    let small = key_with_leading_zero(Algorithm::ES256);
    let small_point = key_with_leading_zero(Algorithm::EdDSA);
    let es256 = fresh_key();
    let cases: [(&str, Value, &SigningKeys, Change); 10] = [
        ("base64url", shared("RSA"), keys(), |jwk| padded(jwk, &["n", "e"], &URL_SAFE)),
        ("base64url", shared("RSA"), keys(), |jwk| padded(jwk, &["n", "e"], &STANDARD)),
        ("base64url", shared("RSA"), keys(), |jwk| padded(jwk, &["n"], &STANDARD_NO_PAD)),
        ("base64url", jwk(&es256), &es256, |jwk| padded(jwk, &["x", "y"], &STANDARD)),
        ("leading zeros", shared("RSA"), keys(), |jwk| change(jwk, "n", zero_before)),
        ("leading zeros", shared("RSA"), keys(), |jwk| change(jwk, "e", zero_before)),
        ("leading zeros", jwk(&es256), &es256, |jwk| change(jwk, "y", zero_before)),
        ("leading zeros", jwk(&small), &small, |jwk| change(jwk, "x", without_zero)),
        ("leading zeros", shared("OKP"), keys(), |jwk| change(jwk, "x", zero_before)),
        ("leading zeros", jwk(&small_point), &small_point, |jwk| change(jwk, "x", without_zero)),
    ];
    for (expected, mut jwk, signer, change) in cases {
        change(&mut jwk);
        let (log, _guard) = Log::open();
        let issuer = publishing(&[jwk.clone()]).await;
        let server = warm(&issuer).await;
        let algorithm = Algorithm::named(jwk["alg"].as_str().unwrap()).unwrap();
        let token = signed_by(signer, &issuer).algorithm(algorithm);
        assert_eq!(code(&server, token).await, "ok", "{jwk}");
        let found = warnings(&log.take());
        let [(IRREGULAR, kid, reason)] = found.as_slice() else {
            panic!("{jwk}: {found:?}");
        };
        assert_eq!(kid, jwk["kid"].as_str().unwrap());
        assert!(reason.contains(expected), "{reason}");
    }
}

/// These members count as absent, so the server must not warn about them.
#[tokio::test]
async fn null_members_and_an_empty_key_ops_count_as_absent() {
    let key = fresh_key();
    let changes: [Change; 3] = [
        |jwk| jwk["key_ops"] = json!([]),
        |jwk| {
            for member in ["alg", "use", "key_ops", "x5c", "d", "k", "oth"] {
                jwk[member] = Value::Null;
            }
        },
        |jwk| jwk["kid"] = Value::Null,
    ];
    for change in changes {
        let mut jwk = jwk(&key);
        change(&mut jwk);
        let (log, _guard) = Log::open();
        let issuer = publishing(&[jwk.clone()]).await;
        let server = warm(&issuer).await;
        assert_eq!(code(&server, signed_by(&key, &issuer)).await, "ok", "{jwk}");
        assert_eq!(warnings(&log.take()), []);
    }
}

/// A key that is not even valid JSON does not affect the other keys. The warning names it if its
/// `kid` can be read.
#[tokio::test]
async fn a_broken_member_does_not_affect_other_keys() {
    let good = fresh_key();
    let broken = jwk(&fresh_key());
    let name = broken["kid"].as_str().unwrap();
    let with = |member: &str| broken.to_string().replacen('{', &format!("{{{member},"), 1);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let named = format!("{name:?}");
    let strict = "distinct member names";
    let cases = [
        (with(r#""kty":"EC""#), name, strict),
        (with(r#""more":{"a":1,"\u0061":2}"#), name, strict),
        (with(r#""note":"\ud800""#), name, strict),
        (with(r#""note":1e999"#), name, strict),
        (with(&format!(r#""note":{deep}"#)), name, strict),
        (with(r#""kid":"other""#), "", strict),
        (broken.to_string().replace(&named, "7"), "", "`kid`"),
        (broken.to_string().replace(&named, r#"["a"]"#), "", "`kid`"),
        (broken.to_string().replace(&named, r#""\udfff""#), "", strict),
        (broken.to_string().replace("\"EC\"", "\"ÜC\""), name, "key type"),
        (broken.to_string().replace("\"EC\"", "7"), name, "not a string"),
        (deep.clone(), "", strict),
        ("\"text\"".to_owned(), "", strict),
        ("{}".to_owned(), "", "key type"),
    ];
    for (member, kid, expected) in cases {
        let (log, _guard) = Log::open();
        let issuer = ScriptedIssuer::start().await;
        let set = format!(r#"{{"keys":[{member},{}]}}"#, jwk(&good));
        issuer.set(JWKS, Reply::text(200, set));
        let server = warm(&issuer).await;
        assert_eq!(code(&server, signed_by(&good, &issuer)).await, "ok", "{member}");
        let found = warnings(&log.take());
        let [(LEFT_ASIDE, found_kid, reason)] = found.as_slice() else {
            panic!("{member}: {found:?}");
        };
        assert_eq!(*found_kid, kid, "{member}");
        assert!(reason.contains(expected), "{reason}");
    }
}

/// Most authorization servers publish keys for encryption together with the keys for signatures.
#[tokio::test]
async fn keys_for_other_purposes_are_skipped_without_a_warning() {
    let changes: [Change; 8] = [
        |jwk| jwk["use"] = "enc".into(),
        |jwk| jwk["key_ops"] = json!(["deriveKey", "deriveBits"]),
        |jwk| jwk["key_ops"] = json!(["encrypt", "wrapKey"]),
        |jwk| jwk["alg"] = "ECDH-ES+A128KW".into(),
        |jwk| jwk["alg"] = "ECDH-ES".into(),
        |jwk| jwk["alg"] = "RSA-OAEP-256".into(),
        |jwk| jwk["alg"] = "A128KW".into(),
        |jwk| *jwk = json!({ "kty": "OKP", "crv": "X25519", "x": "AQAB", "kid": jwk["kid"] }),
    ];
    let (good, other) = (fresh_key(), fresh_key());
    for change in changes {
        let mut skipped = jwk(&other);
        change(&mut skipped);
        let (log, _guard) = Log::open();
        let issuer = publishing(&[skipped.clone(), jwk(&good)]).await;
        let server = warm(&issuer).await;
        assert_eq!(code(&server, signed_by(&good, &issuer)).await, "ok");
        assert_eq!(code(&server, signed_by(&other, &issuer)).await, "unsuitable_key", "{skipped}");
        assert_eq!(warnings(&log.take()), [], "{skipped}");
    }
}

/// Whoever reads a published private key can sign tokens. The part of an RSA key that is not `d`
/// reveals `d`.
#[tokio::test]
async fn a_key_with_a_private_member_is_never_used() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let (leaked, good) = (fresh_key(), fresh_key());
        let mut jwk_with_private = jwk(&leaked);
        jwk_with_private[member] = "AQAB".into();
        let issuer = publishing(&[jwk_with_private, jwk(&good)]).await;
        let server = warm(&issuer).await;
        assert_eq!(code(&server, signed_by(&leaked, &issuer)).await, "unsuitable_key", "{member}");
        assert_eq!(code(&server, signed_by(&good, &issuer)).await, "ok");
    }
}

/// The server fetches an unchanged set again and again. The log must not grow with it.
#[tokio::test]
async fn a_set_warns_once_until_it_changes() {
    let (log, _guard) = Log::open();
    let good = fresh_key();
    let mut odd = jwk(&fresh_key());
    change(&mut odd, "x", zero_before);
    let broken = json!({ "kty": "AKP", "kid": "future" });
    let issuer = publishing(&[jwk(&good), odd.clone(), broken.clone()]).await;
    let server = warm(&issuer).await;
    assert_eq!(warnings(&log.take()).len(), 2);
    let reload = async || {
        pass(&issuer, std::time::Duration::from_secs(10)).await;
        server.reload_keys().await.unwrap();
    };
    for _ in 0..3 {
        reload().await;
    }
    issuer.set(JWKS, Reply::text(503, ""));
    pass(&issuer, std::time::Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap_err();
    issuer.set(JWKS, Reply::json(&json!({ "keys": [jwk(&good), odd, broken.clone()] })));
    reload().await;
    assert_eq!(warnings(&log.take()), []);
    issuer.set(JWKS, Reply::json(&json!({ "keys": [jwk(&good), broken] })));
    reload().await;
    let kids: Vec<_> = warnings(&log.take()).into_iter().map(|(_, kid, _)| kid).collect();
    assert_eq!(kids, ["future"]);
}

/// The JWK of a key without its `kid`.
fn unnamed(keys: &SigningKeys) -> Value {
    let mut jwk = jwk(keys);
    jwk.as_object_mut().unwrap().remove("kid");
    jwk
}

#[tokio::test]
async fn a_key_without_kid_verifies_any_kid() {
    let (key, other) = (fresh_key(), fresh_key());
    let issuer = publishing(&[unnamed(&key)]).await;
    let server = warm(&issuer).await;
    for name in [json!("a"), json!("b"), json!(""), Value::Null] {
        let token = signed_by(&key, &issuer).header("kid", name.clone());
        assert_eq!(code(&server, token.clone()).await, "ok", "{name}");
        // From the cache of verified tokens.
        assert_eq!(code(&server, token).await, "ok", "{name}");
        let foreign = signed_by(&other, &issuer).header("kid", name.clone());
        assert_eq!(code(&server, foreign).await, "invalid_signature", "{name}");
    }
}

/// If the set has the `kid`, only this key counts. Otherwise a token could choose the key that
/// verifies it.
#[tokio::test]
async fn the_kid_takes_precedence_over_keys_without_kid() {
    let (named, without) = (fresh_key(), fresh_key());
    let skipped = json!({ "kty": "EC", "use": "enc", "kid": "enc" });
    let issuer = publishing(&[jwk(&named), unnamed(&without), skipped]).await;
    let server = warm(&issuer).await;
    let token = |keys, kid: &str| signed_by(keys, &issuer).header("kid", kid);
    let name = kid(&named, 0);
    for (keys, kid, expected) in [
        (&named, name.as_str(), "ok"),
        (&without, name.as_str(), "invalid_signature"),
        (&without, "other", "ok"),
        (&named, "other", "invalid_signature"),
        (&without, "enc", "unsuitable_key"),
    ] {
        assert_eq!(code(&server, token(keys, kid)).await, expected, "{kid}");
    }
}

#[tokio::test]
async fn of_several_keys_without_kid_for_one_algorithm_none_is_used() {
    let (one, other) = (fresh_key(), fresh_key());
    let issuer = publishing(&[unnamed(&one), unnamed(&other), shared("RSA")]).await;
    let server = warm(&issuer).await;
    for keys in [&one, &other] {
        let token = || signed_by(keys, &issuer);
        assert_eq!(code(&server, token()).await, "unknown_key");
        assert_eq!(code(&server, token().header("kid", Value::Null)).await, "unsuitable_key");
    }
}

/// A key without `kid` fails to verify the tokens of a new key, which then causes a fetch.
#[tokio::test]
async fn a_new_kid_is_fetched_although_a_key_without_kid_could_answer() {
    let (old, new) = (fresh_key(), fresh_key());
    let issuer = publishing(&[unnamed(&old)]).await;
    let server = warm(&issuer).await;
    let cached = signed_by(&old, &issuer).header("kid", kid(&new, 0));
    assert_eq!(code(&server, cached.clone()).await, "ok");
    issuer.set(JWKS, Reply::json(&json!({ "keys": [jwk(&new), unnamed(&old)] })));
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "ok");
    assert_eq!(issuer.count(JWKS), 2);
    // The new key has the `kid` of the cached token, so the cached token must not be used.
    assert_eq!(code(&server, cached).await, "invalid_signature");
}
