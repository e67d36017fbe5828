//! Tests responses that are not a JWK set, and sets with unusable members.

use std::time::Duration;

use axum_protected_testing::SigningKeys;
use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{
    App, Log, Reply, ScriptedIssuer, encode, fresh_key, keys, kid, refused, trusting,
};
use serde_json::{Value, json};

use super::{me, pass_until, signed_by, warm_app};

/// Returns a set with this number of members, each with its own `kid`.
fn many(number: usize) -> Value {
    let key = fresh_key().jwks()["keys"][0].clone();
    json!({ "keys": (0..number).map(|number| {
        let mut key = key.clone();
        key["kid"] = format!("many-{number}").into();
        key
    }).collect::<Vec<_>>() })
}

fn answers(other: &Value, canary: &str) -> Vec<(&'static str, Reply)> {
    let text = other.to_string();
    let whole = |status| Reply::text(status, text.clone());
    let ok = |body: &str| Reply::text(200, body);
    let mut long = other.clone();
    long["padding"] = "x".repeat(512 * 1024).into();
    let mut with_101 = many(101);
    let members = with_101["keys"].as_array_mut().unwrap();
    members[0] = other["keys"][0].clone();
    let mut with_10_000 = vec![other["keys"][0].clone()];
    with_10_000.resize(10_000, json!({ "kty": "RSA" }));
    let twice = text.replacen("\"kty\"", "\"kid\":\"x\",\"kty\"", 1);
    let sets_twice = format!("{{\"keys\":[],{}", text.strip_prefix('{').unwrap());
    vec![
        ("{}", ok("{}")),
        ("[]", ok("[]")),
        ("an array of keys", ok(&other["keys"].to_string())),
        ("one key", ok(&other["keys"][0].to_string())),
        ("keys is an object", ok(r#"{"keys":{}}"#)),
        ("keys is null", ok(r#"{"keys":null}"#)),
        ("an empty set", ok(r#"{"keys":[]}"#)),
        ("no usable key", ok(r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#)),
        ("HTML", ok("<html><body>maintenance</body></html>")),
        ("an error", ok(r#"{"error":"server_error"}"#)),
        ("nothing", ok("")),
        ("null", ok("null")),
        ("not UTF-8", Reply::text(200, b"{\"keys\":[\"\xff\"]}".to_vec())),
        ("truncated", ok(&text[..text.len() - 2])),
        ("more after it", ok(&format!("{text}{text}"))),
        ("a member name twice", ok(&twice)),
        ("keys twice", ok(&sets_twice)),
        ("deep", ok(&"[".repeat(100_000))),
        ("over 512 KiB", Reply::json(&long)),
        ("101 keys", Reply::json(&with_101)),
        ("10 000 keys", Reply::json(&json!({ "keys": with_10_000 }))),
        ("201", whole(201)),
        ("204", Reply::text(204, "")),
        ("206", whole(206)),
        ("400", whole(400)),
        ("401", whole(401)),
        ("404", whole(404)),
        ("429", whole(429).header("Retry-After", "1")),
        ("500", whole(500)),
        ("503", whole(503)),
        ("301", whole(301).header("Location", canary)),
        ("302", whole(302).header("Location", canary)),
        ("307", whole(307).header("Location", canary)),
        ("refresh", ok("").header("Refresh", &format!("0; url={canary}"))),
        ("304 to an unconditional request", Reply::text(304, "")),
        ("half of it", whole(200).manner(Manner::Half)),
        ("cut", Reply::cut()),
    ]
}

/// Most of these responses contain the new key, so that a token of this key would be valid if the
/// server accepted the response.
#[tokio::test]
async fn an_invalid_answer_changes_nothing() {
    let canary = ScriptedIssuer::start().await;
    let new = fresh_key();
    for (name, reply) in answers(&new.jwks(), &canary.at(JWKS)) {
        let issuer = ScriptedIssuer::start().await;
        let app = warm_app(&issuer).await;
        issuer.set(JWKS, reply.clone());
        app.refuses(&me(signed_by(&new, &issuer)), 401, "unknown_key").await;
        assert_eq!(issuer.count(JWKS), 2, "{name}");
        app.grants(&me(issuer.token())).await;

        // If the first response is invalid, the server has no keys and reports an outage.
        let server = trusting(issuer.url()).build().unwrap();
        let app = App::serve(server).await;
        app.refuses(&me(signed_by(&new, &issuer)), 503, "keys_unavailable").await;
        assert_eq!(canary.connections(), 0, "{name}");
    }
}

/// The server accepts complete and valid variants of the responses in `answers`.
#[tokio::test]
async fn an_unusual_but_valid_answer_is_accepted() {
    let new = fresh_key();
    let mut odd = new.jwks();
    odd["more"] = json!({ "keys": [1] });
    odd["keys"][0]["x-more"] = json!([1]);
    odd["keys"][0]["x5c"] = json!(["not a certificate"]);
    let mut hundred = many(100);
    hundred["keys"][57] = new.jwks()["keys"][0].clone();
    let mut long = new.jwks();
    long["padding"] = "x".repeat(500 * 1024).into();
    let replies = [
        Reply::json(&odd),
        Reply::json(&hundred),
        Reply::json(&long),
        Reply::text(200, new.jwks().to_string()).header("Content-Type", "text/html"),
        Reply::keys(&new).manner(Manner::Slowly(Duration::ZERO)),
    ];
    for reply in replies {
        let issuer = ScriptedIssuer::start().await;
        let app = warm_app(&issuer).await;
        issuer.set(JWKS, reply);
        app.grants(&me(signed_by(&new, &issuer))).await;
        assert_eq!(issuer.count(JWKS), 2);
    }
}

/// If two different keys have the same `kid`, the server uses neither of them, but uses the other
/// keys of the set. The server accepts a set that contains the same key twice.
#[tokio::test]
async fn two_keys_of_one_name_are_both_unused() {
    let (one, other, bystander) = (fresh_key(), fresh_key(), fresh_key());
    let member = |keys: &SigningKeys| keys.jwks()["keys"][0].clone();
    let mut namesake = member(&other);
    namesake["kid"] = member(&one)["kid"].clone();
    let issuer = ScriptedIssuer::start().await;
    let members = [member(&one), namesake, member(&bystander), member(&bystander)];
    issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
    let app = warm_app(&issuer).await;
    let named = |keys| signed_by(keys, &issuer).header("kid", kid(&one, 0));
    for keys in [&one, &other] {
        app.refuses(&me(named(keys)), 401, "unsuitable_key").await;
    }
    app.grants(&me(signed_by(&bystander, &issuer))).await;
}

#[tokio::test]
async fn an_endless_answer_times_out() {
    let slowly = Manner::Slowly(Duration::from_millis(100));
    for reply in [Reply::keys(keys()).manner(slowly), Reply::never()] {
        let issuer = ScriptedIssuer::start().await;
        let app = warm_app(&issuer).await;
        issuer.set(JWKS, reply);
        let waiting = tokio::spawn({
            let (address, call) = (app.address, me(super::with_unknown_kid(&issuer, 0)));
            async move { call.send(address).await }
        });
        issuer.wait_for_requests(JWKS, 2).await;
        app.grants(&me(issuer.token())).await;
        assert!(!waiting.is_finished());
        let second = Duration::from_secs(1);
        pass_until(&issuer, second, || waiting.is_finished()).await;
        let answer = waiting.await.unwrap();
        refused(&answer, 401, "unknown_key");
        issuer.wait_for_disconnect().await;
        app.grants(&me(issuer.token())).await;
    }
}

/// Each of these defects makes a key unusable. The server refuses a token with this key without a
/// signature check.
#[tokio::test]
async fn unusable_members_do_not_affect_other_keys() {
    type Change = fn(&mut Value);
    let changes: &[(&str, Change)] = &[
        ("use enc", |jwk| jwk["use"] = "enc".into()),
        ("use is an array", |jwk| jwk["use"] = json!(["sig"])),
        ("key_ops encrypt", |jwk| jwk["key_ops"] = json!(["encrypt"])),
        ("key_ops sign", |jwk| jwk["key_ops"] = json!(["sign"])),
        ("key_ops text", |jwk| jwk["key_ops"] = "verify".into()),
        ("kty of the future", |jwk| jwk["kty"] = "AKP".into()),
        ("no kty", |jwk| {
            jwk.as_object_mut().unwrap().remove("kty");
        }),
        ("kty oct", |jwk| {
            jwk["kty"] = "oct".into();
            jwk["k"] = encode([1; 32]).into();
        }),
        ("secp256k1", |jwk| jwk["crv"] = "secp256k1".into()),
        ("another curve", |jwk| jwk["crv"] = "P-384".into()),
        ("another algorithm", |jwk| jwk["alg"] = "ES384".into()),
        ("an algorithm of the future", |jwk| {
            jwk["alg"] = "ES999".into();
        }),
        ("HS256", |jwk| jwk["alg"] = "HS256".into()),
        ("no x", |jwk| {
            jwk.as_object_mut().unwrap().remove("x");
        }),
        ("x is a number", |jwk| jwk["x"] = 7.into()),
        ("bad base64", |jwk| jwk["x"] = "+/==".into()),
        ("short x", |jwk| jwk["x"] = encode([1; 31]).into()),
        ("long x", |jwk| jwk["x"] = encode([0; 33]).into()),
        ("off the curve", |jwk| jwk["x"] = encode([1; 32]).into()),
        ("zero", |jwk| {
            jwk["x"] = encode([0; 32]).into();
            jwk["y"] = encode([0; 32]).into();
        }),
        ("private", |jwk| jwk["d"] = encode([1; 32]).into()),
        ("RSA of 1024 bits", |jwk| rsa(jwk, &[0xAB; 128], &[1, 0, 1])),
        ("RSA of 16384 bits", |jwk| {
            rsa(jwk, &[0xAB; 2048], &[1, 0, 1]);
        }),
        ("exponent 1", |jwk| rsa(jwk, &[0xAB; 256], &[1])),
        ("even exponent", |jwk| rsa(jwk, &[0xAB; 256], &[2])),
        ("exponent of 5 octets", |jwk| {
            rsa(jwk, &[0xAB; 256], &[1, 0, 0, 0, 1]);
        }),
        ("exponent as long as the modulus", |jwk| {
            rsa(jwk, &[0xAB; 256], &[0xAB; 256]);
        }),
        ("no exponent", |jwk| rsa(jwk, &[0xAB; 256], &[])),
        ("X25519", |jwk| {
            *jwk =
                json!({ "kty": "OKP", "crv": "X25519", "x": encode([9; 32]), "kid": jwk["kid"] });
        }),
        ("OKP without crv", |jwk| {
            *jwk = json!({ "kty": "OKP", "x": encode([9; 32]), "kid": jwk["kid"] });
        }),
    ];
    let bad: Vec<_> = changes.iter().map(|_| fresh_key()).collect();
    let good = fresh_key();
    let mut members = vec![json!("text"), Value::Null, json!([]), json!({})];
    for (index, (_, change)) in changes.iter().enumerate() {
        let mut jwk = bad[index].jwks()["keys"][0].clone();
        change(&mut jwk);
        members.push(jwk);
        if index == changes.len() / 2 {
            members.push(good.jwks()["keys"][0].clone());
        }
    }
    let mut strange_name = fresh_key().jwks()["keys"][0].clone();
    strange_name["kid"] = 7.into();
    members.push(strange_name);
    for _ in 0..2 {
        let issuer = ScriptedIssuer::start().await;
        issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
        let app = warm_app(&issuer).await;
        app.grants(&me(signed_by(&good, &issuer))).await;
        for ((name, _), key) in changes.iter().zip(&bad) {
            let answer = me(signed_by(key, &issuer)).send(app.address).await;
            assert_eq!(answer.value()["code"], "unsuitable_key", "{name}");
            refused(&answer, 401, "unsuitable_key");
        }
        // Each refusal may cause a fetch, because the issuer may have replaced the key. The server
        // allows five such fetches together, and one more for each 10 s of this test.
        assert!(issuer.count(JWKS) <= 1 + 5 + 2, "{}", issuer.count(JWKS));
        members.reverse();
    }
}

/// The last four bytes of this exponent are the real exponent, so a parser that kept only these
/// bytes would accept the token.
#[tokio::test]
async fn a_too_long_exponent_is_not_truncated() {
    let mut jwk = keys().jwks()["keys"][0].clone();
    assert_eq!((&jwk["kty"], &jwk["e"]), (&"RSA".into(), &"AQAB".into()));
    let good = fresh_key();
    for zeros in [0, 1, 4, 60] {
        let mut exponent = vec![1];
        exponent.resize(1 + zeros, 0);
        exponent.extend([0, 1, 0, 1]);
        jwk["e"] = encode(&exponent).into();
        let (log, _guard) = Log::open();
        let issuer = ScriptedIssuer::start().await;
        let members = [jwk.clone(), good.jwks()["keys"][0].clone()];
        issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
        let app = warm_app(&issuer).await;
        let entries = log.take();
        let warned = entries.iter().find(|entry| entry.get("kid").is_some()).expect("a warning");
        assert_eq!(warned.level, tracing::Level::WARN);
        let reason = warned.get("reason").unwrap();
        assert!(reason.contains("exponent"), "{reason}");
        app.refuses(&me(issuer.token()), 401, "unsuitable_key").await;
        app.grants(&me(signed_by(&good, &issuer))).await;
    }
}

/// RFC 7518 section 2 forbids leading zeros in an exponent, but some issuers write them. The server
/// ignores the zeros.
#[tokio::test]
async fn leading_zeros_of_an_exponent_do_not_count() {
    let mut jwk = keys().jwks()["keys"][0].clone();
    jwk["e"] = encode([0, 0, 0, 0, 1, 0, 1]).into();
    let issuer = ScriptedIssuer::start().await;
    issuer.set(JWKS, Reply::json(&json!({ "keys": [jwk] })));
    let app = warm_app(&issuer).await;
    app.grants(&me(issuer.token())).await;
}

fn rsa(jwk: &mut Value, modulus: &[u8], exponent: &[u8]) {
    *jwk = json!({
        "kty": "RSA",
        "n": encode(modulus),
        "e": encode(exponent),
        "kid": jwk["kid"],
    });
}
