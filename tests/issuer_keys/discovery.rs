//! Tests the discovery of the key set through the metadata of the issuer.

use axum_protected::Issuer;
use axum_protected_tests::issuer::{JWKS, OAUTH, OPENID};
use axum_protected_tests::{App, Reply, ScriptedIssuer, keys, token, trusting};
use serde_json::{Value, json};

use super::{code, me, pass_until_requests, warm};

/// Starts an issuer that serves keys but no metadata.
pub(super) async fn keys_only() -> ScriptedIssuer {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(JWKS, Reply::keys(keys()));
    issuer
}

#[tokio::test]
async fn metadata_is_found_in_either_form() {
    let paths: &[(&str, &[&str])] = &[
        ("", &[OPENID, OAUTH]),
        ("/", &[OPENID, OAUTH]),
        (
            "/tenant1",
            &[
                "/tenant1/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/tenant1",
                "/.well-known/openid-configuration/tenant1",
            ],
        ),
        (
            "/a/b/",
            &[
                "/a/b/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/a/b",
                "/.well-known/openid-configuration/a/b",
            ],
        ),
    ];
    for (path, locations) in paths {
        for (tried, location) in locations.iter().enumerate() {
            let issuer = keys_only().await;
            let identifier = issuer.at(path);
            issuer.publish_metadata(location, &identifier);
            let server = trusting(identifier.as_str()).build().unwrap();
            let app = App::serve(server).await;
            app.grants(&me(token(&identifier))).await;
            let mut expected: Vec<_> = locations[..=tried].to_vec();
            expected.push(JWKS);
            assert_eq!(issuer.paths(), expected, "{identifier}");
            assert!(issuer.requests().iter().all(|seen| seen.method == "GET"));
        }
    }
}

/// A fragment is not part of a request, so the response comes from the URL without it.
#[tokio::test]
async fn a_fragment_of_the_address_of_the_keys_does_not_count() {
    let issuer = keys_only().await;
    let document = json!({ "issuer": issuer.url(), "jwks_uri": issuer.at("/jwks#keys") });
    issuer.set(OPENID, Reply::json(&document));
    let server = trusting(issuer.url()).build().unwrap();
    assert_eq!(code(&server, issuer.token()).await, "ok");
    assert_eq!(issuer.paths(), [OPENID, JWKS]);
}

/// With a configured `jwks_uri` the server requests only this URL.
#[tokio::test]
async fn a_configured_address_needs_no_metadata() {
    let issuer = keys_only().await;
    let configured = Issuer::new("https://id.example.com").jwks_uri(issuer.at(JWKS));
    let app = App::serve(trusting(configured).build().unwrap()).await;
    app.grants(&me(token("https://id.example.com"))).await;
    assert_eq!(issuer.paths(), [JWKS]);
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_followed() {
    let canary = ScriptedIssuer::start().await;
    let issuer = keys_only().await;
    let (own, jwks) = (issuer.url(), canary.at(JWKS));
    let document = |issuer: Value, jwks_uri: Value| {
        Reply::json(&json!({ "issuer": issuer, "jwks_uri": jwks_uri }))
    };
    let port = own.rsplit_once(':').unwrap().1;
    let remote = "http://keys.example.com/jwks";
    let replies = [
        ("another", document("https://evil.example.com".into(), jwks.as_str().into())),
        ("slash", document(format!("{own}/").into(), jwks.as_str().into())),
        ("case", document(own.to_uppercase().into(), jwks.as_str().into())),
        ("name", document(format!("http://localhost:{port}").into(), jwks.as_str().into())),
        ("array", document(json!([own]), jwks.as_str().into())),
        ("null", document(Value::Null, jwks.as_str().into())),
        ("no issuer", Reply::json(&json!({ "jwks_uri": jwks }))),
        (
            "twice",
            Reply::text(
                200,
                format!(r#"{{"issuer":"{own}","issuer":"{own}","jwks_uri":"{jwks}"}}"#),
            ),
        ),
        ("no jwks_uri", Reply::json(&json!({ "issuer": own }))),
        ("number", document(own.into(), 7.into())),
        ("relative", document(own.into(), "/jwks".into())),
        ("plain http", document(own.into(), remote.into())),
        ("file", document(own.into(), "file:///etc/passwd".into())),
        ("user", document(own.into(), jwks.replacen("http://", "http://user:pw@", 1).into())),
        ("HTML", Reply::text(200, "<html></html>")),
        ("array of it", Reply::json(&json!([{ "issuer": own, "jwks_uri": jwks }]))),
        ("204", Reply::text(204, "")),
        ("404", Reply::text(404, json!({ "issuer": own, "jwks_uri": jwks }).to_string())),
        ("500", Reply::text(500, json!({ "issuer": own, "jwks_uri": jwks }).to_string())),
        ("302", Reply::text(302, "").header("Location", &canary.at(OPENID))),
        (
            "long",
            Reply::json(&json!({ "issuer": own, "jwks_uri": jwks, "x": "x".repeat(600_000) })),
        ),
    ];
    for (name, reply) in replies {
        issuer.set(OPENID, reply.clone());
        issuer.set(OAUTH, reply);
        let app = App::serve(trusting(own).build().unwrap()).await;
        app.refuses(&me(issuer.token()), 503, "keys_unavailable").await;
        assert_eq!(issuer.count(JWKS), 0, "{name}");
        assert_eq!(canary.connections(), 0, "{name}");
    }
    // The server uses the key set that a valid metadata document names. If the issuer has two valid
    // documents, the server uses one of them.
    let good = document(own.into(), jwks.as_str().into());
    issuer.set(OPENID, good);
    issuer.publish_metadata(OAUTH, own);
    let app = App::serve(trusting(own).build().unwrap()).await;
    app.grants(&me(issuer.token())).await;
    assert_eq!((issuer.count(JWKS), canary.count(JWKS)), (0, 1));
}

#[tokio::test]
async fn metadata_is_parsed_as_json_and_adds_no_algorithm() {
    let issuer = keys_only().await;
    let own = issuer.url();
    let escaped = own.replacen("http", "\\u0068ttp", 1);
    let document = format!(
        r#"{{
            "issuer": "{escaped}",
            "jwks_uri": "{}",
            "signed_metadata": "a.b.c",
            "id_token_signing_alg_values_supported": ["none", "HS256", "ES256"],
            "more": {{ "issuer": "https://evil.example.com" }}
        }}"#,
        issuer.at(JWKS)
    );
    issuer.set(OPENID, Reply::text(200, document));
    let server = trusting(own).algorithms([axum_protected::Algorithm::RS256]);
    let app = App::serve(server.build().unwrap()).await;
    app.grants(&me(issuer.token())).await;
    for algorithm in ["none", "HS256", "ES256"] {
        let call = me(issuer.token().header("alg", algorithm));
        app.refuses(&call, 401, "unsupported_algorithm").await;
    }
}

/// If the metadata later names another issuer, the server keeps the loaded keys.
#[tokio::test]
async fn metadata_that_changes_its_issuer_is_ignored() {
    let (issuer, canary) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    let server = warm(&issuer).await;
    let foreign = json!({ "issuer": canary.url(), "jwks_uri": canary.at(JWKS) });
    issuer.set(OPENID, Reply::json(&foreign));
    pass_until_requests(&issuer, OPENID, 2).await;
    pass_until_requests(&issuer, JWKS, 3).await;
    assert_eq!(code(&server, issuer.token()).await, "ok");
    assert_eq!(canary.connections(), 0);
}
