//! Tests the rules for proofs.

use std::time::Duration;

use axum_protected::Algorithm;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::dpop::Dpop;
use axum_protected_testing::{DpopKey, DpopProof};
use axum_protected_tests::{App, Call};
use serde_json::{Value, json};

use super::{Client, URL, accepting, refuses, serve, trusted};

const PATH: &str = "/api/items";

/// A change of a valid proof.
type Change<'a> = &'a dyn Fn(DpopProof) -> DpopProof;

#[tokio::test]
async fn a_valid_proof_of_each_algorithm_is_accepted() {
    let app = serve(Dpop::new()).await;
    for algorithm in Algorithm::ALL {
        let client = Client::of(DpopKey::for_algorithm(algorithm).unwrap(), |token| token);
        app.grants(&client.get(PATH)).await;
        refuses(&app, &client.unproven("GET", PATH), 401, "invalid_dpop_proof").await;
    }
}

#[tokio::test]
async fn only_the_configured_algorithms_are_accepted() {
    let app = serve(Dpop::new().algorithms([Algorithm::EdDSA])).await;
    refuses(&app, &Client::new().get(PATH), 401, "invalid_dpop_proof").await;
    let key = DpopKey::for_algorithm(Algorithm::EdDSA).unwrap();
    app.grants(&Client::of(key, |token| token).get(PATH)).await;
}

#[tokio::test]
async fn a_request_needs_exactly_one_proof() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let proof = client.proof("GET", PATH).sign();
    let once = client.unproven("GET", PATH).header("DPoP", &proof);
    refuses(&app, &once.clone().header("DPoP", &proof), 401, "invalid_dpop_proof").await;
    refuses(&app, &once.clone().header("DPoP", ""), 401, "invalid_dpop_proof").await;
    for wrong in [
        String::new(),
        "x".to_owned(),
        format!("{proof},{proof}"),
        format!("{proof}="),
        proof.replacen('.', "..", 1),
        "A".repeat(9000),
    ] {
        let call = client.unproven("GET", PATH).header("DPoP", &wrong);
        refuses(&app, &call, 401, "invalid_dpop_proof").await;
    }
    app.grants(&once).await;
}

#[tokio::test]
async fn a_proof_with_one_defect_is_refused() {
    let app = serve(Dpop::new()).await;
    let (client, other) = (Client::new(), Client::new());
    let jwk = |name: &str, value: &str| {
        let mut jwk = client.key.public_jwk();
        jwk[name] = json!(value);
        jwk
    };
    let (d, padded) =
        (jwk("d", "AQAB"), jwk("y", &format!("{}=", jwk("kid", "a")["y"].as_str().unwrap())));
    let changes: &[Change<'_>] = &[
        &|proof| proof.header("typ", "JWT"),
        &|proof| proof.header("typ", "at+jwt"),
        &|proof| proof.header("typ", Value::Null),
        &|proof| proof.header("alg", "none"),
        &|proof| proof.header("alg", "HS256"),
        &|proof| proof.header("alg", "ES384"),
        &|proof| proof.header("crit", json!(["x"])),
        &|proof| proof.header("b64", false),
        &|proof| proof.header("jwk", Value::Null),
        &|proof| proof.header("jwk", d.clone()),
        &|proof| proof.header("jwk", padded.clone()),
        &|proof| proof.header("jwk", json!({ "kty": "oct", "k": "AQAB" })),
        &DpopProof::private_jwk,
        &|proof| proof.without("jti"),
        &|proof| proof.claim("jti", 7),
        &|proof| proof.claim("jti", ""),
        &|proof| proof.without("htm"),
        &|proof| proof.claim("htm", json!(["GET"])),
        &|proof| proof.claim("htm", "get"),
        &|proof| proof.claim("htm", "POST"),
        &|proof| proof.without("htu"),
        &|proof| proof.claim("htu", 7),
        &|proof| proof.without("iat"),
        &|proof| proof.claim("iat", "1"),
        &|proof| proof.issued_at(SystemClock.now() - Duration::from_secs(120)),
        &|proof| proof.issued_at(SystemClock.now() + Duration::from_secs(60)),
        &|proof| proof.without("ath"),
        &|proof| proof.claim("ath", 7),
        &|proof| proof.access_token(&other.token),
        &|proof| proof.signed_by(&other.key),
    ];
    for (number, change) in changes.iter().enumerate() {
        let proof = change(client.proof("GET", PATH));
        eprintln!("change {number}");
        refuses(&app, &client.call("GET", PATH, &proof), 401, "invalid_dpop_proof").await;
    }
    let by_other_key = other.key.proof("GET", format!("{URL}{PATH}")).access_token(&client.token);
    refuses(&app, &client.call("GET", PATH, &by_other_key), 401, "wrong_proof_key").await;
}

#[tokio::test]
async fn further_members_of_a_proof_and_of_its_key_are_accepted() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let mut jwk = client.key.public_jwk();
    jwk["kid"] = json!("a");
    jwk["use"] = json!("sig");
    let proof = client.proof("GET", PATH).header("jwk", jwk).header("x", 1).claim("x", 1);
    app.grants(&client.call("GET", PATH, &proof)).await;
}

#[tokio::test]
async fn a_proof_is_for_one_method() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"] {
        for named in ["GET", "POST", "HEAD"] {
            let call = client.call(method, "/api/me", &client.proof(named, "/api/me"));
            if method == named {
                app.grants(&call).await;
            } else {
                refuses(&app, &call, 401, "invalid_dpop_proof").await;
            }
        }
    }
}

#[tokio::test]
async fn a_proof_is_for_one_url_without_its_query() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let get = |target: &str, htu: &str| {
        client.call("GET", target, &client.proof("GET", "").claim("htu", htu))
    };
    for (target, htu) in [
        ("/api/items?page=2", "https://api.example.com/api/items"),
        ("/api/items?page=2", "https://api.example.com/api/items?page=3#top"),
        ("/api/items", "HTTPS://API.EXAMPLE.COM:443/api/%69tems"),
        ("/api/items", "https://api.example.com/x/../api/./items"),
        ("/nested/items", "https://api.example.com/nested/items"),
        ("/nested/items?x", "https://api.example.com/nested/items"),
    ] {
        app.grants(&get(target, htu)).await;
    }
    let own = format!("http://{}/api/items", app.address);
    for (target, htu) in [
        ("/api/items", own.as_str()),
        ("/api/items", "http://api.example.com/api/items"),
        ("/api/items", "https://api.example.com:8443/api/items"),
        ("/api/items", "https://evil.example/api/items"),
        ("/api/items", "https://api.example.com/api/items/"),
        ("/api/items", "https://api.example.com/api/me"),
        ("/api/items", "https://api.example.com/items"),
        ("/api/items", "/api/items"),
        ("/api/items", ""),
        ("/nested/items", "https://api.example.com/items"),
    ] {
        refuses(&app, &get(target, htu), 401, "invalid_dpop_proof").await;
    }
}

/// A client can write these headers.
#[tokio::test]
async fn the_url_never_comes_from_headers() {
    let server = accepting(Dpop::new()).trusted_proxy("127.0.0.1").build().unwrap();
    let app = App::serve(server).await;
    let client = Client::new();
    let forged = client.proof("GET", "").claim("htu", "https://evil.example/api/items");
    let call = client
        .call("GET", PATH, &forged)
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-Proto", "https")
        .header("Forwarded", "host=evil.example;proto=https");
    refuses(&app, &call, 401, "invalid_dpop_proof").await;
    let address = client.proof("GET", "").claim("htu", format!("http://{}{PATH}", app.address));
    refuses(&app, &client.call("GET", PATH, &address), 401, "invalid_dpop_proof").await;
}

#[tokio::test]
async fn the_path_that_a_proxy_removes_is_part_of_the_url() {
    let server = accepting(Dpop::new()).public_url("https://api.example.com/v1").build().unwrap();
    let app = App::serve(server).await;
    let client = Client::new();
    let get = |htu: &str| client.call("GET", PATH, &client.proof("GET", "").claim("htu", htu));
    app.grants(&get("https://api.example.com/v1/api/items")).await;
    refuses(&app, &get("https://api.example.com/api/items"), 401, "invalid_dpop_proof").await;
}

#[tokio::test]
async fn the_path_of_a_resource_is_not_added_to_the_url() {
    let with_both = accepting(Dpop::new()).resource("https://mcp.example.com/x").build().unwrap();
    App::serve(with_both).await.grants(&Client::new().get(PATH)).await;

    let only_resource = trusted().resource("https://mcp.example.com/x").dpop(Dpop::new());
    let app = App::serve(only_resource.build().unwrap()).await;
    let client = Client::new();
    let get = |htu: &str| client.call("GET", PATH, &client.proof("GET", "").claim("htu", htu));
    app.grants(&get("https://mcp.example.com/api/items")).await;
    refuses(&app, &get("https://mcp.example.com/x/api/items"), 401, "invalid_dpop_proof").await;
}

/// An optional token with a wrong proof is an error, and no caller without a token.
#[tokio::test]
async fn an_optional_token_needs_its_proof() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    app.grants(&client.get("/api/optional")).await;
    let other = client.call("GET", "/api/optional", &client.proof("GET", "/api/me"));
    refuses(&app, &other, 401, "invalid_dpop_proof").await;
    refuses(&app, &client.unproven("GET", "/api/optional"), 401, "invalid_dpop_proof").await;
    app.grants(&Call::get("/api/optional")).await;
}
