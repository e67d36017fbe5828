//! Tests the issuer, the audience and the other claims, with valid and invalid values.

use axum_protected::{Issuer, Provider};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{AUDIENCE, keys, trusting};
use serde_json::{Value, json};

use super::{ISSUER, check, good, issuer, server};

fn claim(name: &str, cases: Vec<(Value, &'static str)>) -> Vec<(String, String, &'static str)> {
    cases
        .into_iter()
        .map(|(value, code)| {
            let token = good().claim(name, value.clone());
            (format!("{name} {value}"), token.sign(), code)
        })
        .collect()
}

#[tokio::test]
async fn the_issuer_is_compared_octet_by_octet() {
    let others = [
        "https://id.example.com/realms/acme/",
        "https://id.example.com/realms/ACME",
        "https://ID.example.com/realms/acme",
        "HTTPS://id.example.com/realms/acme",
        "https://id.example.com:443/realms/acme",
        "https://id.example.com/realms/%61cme",
        "https://id.example.com/realms/./acme",
        "https://id.example.com/realms/acme?",
        "https://id.example.com/realms/acme#",
        "https://id.example.com/realms/acm\u{435}",
        "https://id.example.com/realms",
        "https://id.example.com/realms/acme.evil.example",
        " https://id.example.com/realms/acme",
        "http://id.example.com/realms/acme",
        "",
    ];
    let mut cases: Vec<_> = others.map(|iss| (iss.into(), "unknown_issuer")).into();
    cases.extend([
        (ISSUER.into(), "ok"),
        (json!([ISSUER]), "malformed_claim"),
        (json!({ "iss": ISSUER }), "malformed_claim"),
        (7.into(), "malformed_claim"),
        (Value::Null, "malformed_claim"),
    ]);
    check(&server(), claim("iss", cases)).await;
    let none = good().without("iss").sign();
    check(&server(), [("none".to_owned(), none, "missing_claim")]).await;
}

#[tokio::test]
async fn an_audience_is_compared_whole() {
    const SECOND: &str = "urn:items";
    let server = trusting(issuer(ISSUER)).audience(SECOND).build().unwrap();
    let others = [
        "https://api.example.com/",
        "https://api.example.com.evil.example",
        "https://api.example.com/app",
        "https://api.example",
        "https://API.example.com",
        "HTTPS://api.example.com",
        "api.example.com",
        " https://api.example.com",
        "https://api.example.com ",
        "https://api.example.com urn:items",
        "*",
        "",
    ];
    let mut cases: Vec<_> = others.map(|aud| (aud.into(), "wrong_audience")).into();
    cases.extend([
        (AUDIENCE.into(), "ok"),
        (SECOND.into(), "ok"),
        (json!([AUDIENCE]), "ok"),
        (json!(["x", AUDIENCE]), "ok"),
        (json!([AUDIENCE, SECOND]), "ok"),
        (json!(["x", "y"]), "wrong_audience"),
        (json!([""]), "wrong_audience"),
        (json!([]), "wrong_audience"),
        (json!([AUDIENCE, 7]), "malformed_claim"),
        (json!([[AUDIENCE]]), "malformed_claim"),
        (json!({ AUDIENCE: 1 }), "malformed_claim"),
        (7.into(), "malformed_claim"),
        (true.into(), "malformed_claim"),
        (Value::Null, "malformed_claim"),
    ]);
    check(&server, claim("aud", cases)).await;
    let none = good().without("aud").sign();
    check(&server, [("none".to_owned(), none, "missing_claim")]).await;
}

/// The configured audience of an issuer applies only to tokens of that issuer.
#[tokio::test]
async fn an_issuers_own_audience_replaces_the_servers() {
    const OTHER: &str = "https://other.example.com";
    let own = issuer(OTHER).audience("urn:own");
    let server = trusting(issuer(ISSUER)).issuer(own).build().unwrap();
    let token = |issuer: &str, audience: &str| TokenBuilder::new(keys(), issuer, audience).sign();
    let cases = [
        (ISSUER, AUDIENCE, "ok"),
        (ISSUER, "urn:own", "wrong_audience"),
        (OTHER, "urn:own", "ok"),
        (OTHER, AUDIENCE, "wrong_audience"),
    ]
    .map(|(iss, aud, code)| (format!("{iss} {aud}"), token(iss, aud), code));
    check(&server, cases).await;
}

#[tokio::test]
async fn names_must_be_strings() {
    for name in ["sub", "jti", "client_id"] {
        let cases = vec![
            ("a".into(), "ok"),
            ("\"'\r\n)(cn=*\u{1F600}".into(), "ok"),
            (7.into(), "malformed_claim"),
            (json!(["a"]), "malformed_claim"),
            (json!({}), "malformed_claim"),
            (Value::Null, "ok"),
        ];
        check(&server(), claim(name, cases)).await;
        let none = good().without(name).sign();
        check(&server(), [(name.to_owned(), none, "ok")]).await;
    }
    let odd = "o'Brien\r\n\u{1F600}";
    let token = server().authenticate(&good().subject(odd).sign()).await.unwrap();
    assert_eq!(token.subject(), Some(odd));
    assert_eq!(token.issuer(), ISSUER);
    assert!(!format!("{token:?}").contains("Brien"));
}

/// A token with a `cnf` claim is bound to a key. The server refuses such a token, because the
/// caller does not prove possession of the key.
#[tokio::test]
async fn a_token_bound_to_a_key_is_refused_as_a_bearer_token() {
    let bindings = vec![
        json!({ "jkt": "abc" }),
        json!({ "x5t#S256": "abc" }),
        json!({ "jwk": {} }),
        json!({ "unknown": 1 }),
        json!({}),
        json!("text"),
    ];
    let mut cases: Vec<_> = bindings.into_iter().map(|cnf| (cnf, "bound_token")).collect();
    cases.push((Value::Null, "ok"));
    check(&server(), claim("cnf", cases)).await;
}

#[tokio::test]
async fn the_strict_profile_requires_all_its_claims() {
    let by_server = trusting(issuer(ISSUER)).rfc9068().build().unwrap();
    let by_issuer = trusting(issuer(ISSUER).rfc9068()).build().unwrap();
    for strict in [by_server, by_issuer] {
        check(&strict, [("whole".to_owned(), good().sign(), "ok")]).await;
        for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
            let token = good().without(name).sign();
            check(&strict, [(name.to_owned(), token, "missing_claim")]).await;
        }
        for name in ["sub", "client_id", "jti"] {
            let cases = vec![("".into(), "malformed_claim"), (Value::Null, "missing_claim")];
            check(&strict, claim(name, cases)).await;
        }
        let scopes = vec![
            (Value::Null, "ok"),
            ("".into(), "ok"),
            (json!(["a"]), "malformed_claim"),
            (json!([]), "malformed_claim"),
        ];
        check(&strict, claim("scope", scopes)).await;
        let scp = vec![
            (Value::Null, "ok"),
            ("a".into(), "malformed_claim"),
            (json!(["a"]), "malformed_claim"),
        ];
        check(&strict, claim("scp", scp)).await;
    }
    for name in ["sub", "client_id", "iat", "jti"] {
        let token = good().without(name).sign();
        check(&server(), [(name.to_owned(), token, "ok")]).await;
    }
}

#[tokio::test]
async fn each_provider_has_its_own_claim_names() {
    type Change = fn(TokenBuilder) -> TokenBuilder;
    let cognito: Change = |token| {
        let token = token.without("aud").claim("client_id", AUDIENCE);
        token.claim("token_use", "access")
    };
    let keycloak: Change = |token| token.claim("typ", "Bearer").header("typ", "JWT");
    let same: Change = |token| token;
    let cases: &[(Provider, Change, &str)] = &[
        (Provider::Standard, same, "ok"),
        (Provider::Auth0, same, "ok"),
        (Provider::Okta, same, "ok"),
        (Provider::EntraId, same, "ok"),
        (Provider::Google, same, "ok"),
        (Provider::Keycloak, keycloak, "ok"),
        (Provider::Keycloak, same, "wrong_type"),
        (Provider::Keycloak, |token| token.claim("typ", "ID"), "wrong_type"),
        (Provider::Keycloak, |token| token.claim("typ", "Refresh"), "wrong_type"),
        (Provider::Keycloak, |token| token.claim("typ", json!(["Bearer"])), "wrong_type"),
        (Provider::Cognito, cognito, "ok"),
        (
            Provider::Cognito,
            |token| token.claim("token_use", "id").claim("client_id", AUDIENCE),
            "wrong_type",
        ),
        (
            Provider::Cognito,
            |token| token.without("aud").claim("token_use", "access"),
            "wrong_audience",
        ),
        (
            Provider::Cognito,
            |token| token.claim("token_use", "access").without("client_id").without("aud"),
            "missing_claim",
        ),
        // An `aud` that is in the token is the audience.
        (Provider::Cognito, |token| token.claim("token_use", "access"), "ok"),
        (
            Provider::Cognito,
            |token| {
                let token = token.claim("token_use", "access").claim("client_id", AUDIENCE);
                token.claim("aud", "https://other.example.com")
            },
            "wrong_audience",
        ),
        (Provider::Standard, cognito, "missing_claim"),
    ];
    for (provider, change, code) in cases {
        let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).provider(*provider);
        let server = trusting(issuer).build().unwrap();
        let token = change(good()).sign();
        check(&server, [(format!("{provider:?}"), token, *code)]).await;
    }
}

#[tokio::test]
async fn roles_count_for_their_own_audience_only() {
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).provider(Provider::Keycloak);
    let server = trusting(issuer).build().unwrap();
    let token = good()
        .claim("typ", "Bearer")
        .claim("aud", json!([AUDIENCE, "billing"]))
        .claim("realm_access", json!({ "roles": ["user"] }))
        .claim(
            "resource_access",
            json!({ AUDIENCE: { "roles": ["auditor"] }, "billing": { "roles": ["admin"] } }),
        );
    let token = server.authenticate(&token.sign()).await.unwrap();
    assert!(token.roles().eq(["user", "auditor"]));
}

/// If a token has `scope` and `scp`, the server uses only `scope`.
#[tokio::test]
async fn scope_takes_precedence_over_scp() {
    let both = good().claim("scope", "a").claim("scp", json!(["b"])).sign();
    let token = server().authenticate(&both).await.unwrap();
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["a"]);
    let scp = good().without("scope").claim("scp", json!(["b", "c"])).sign();
    let token = server().authenticate(&scp).await.unwrap();
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["b", "c"]);
    assert!(token.has_scope("b") && !token.has_scope("B") && !token.has_scope(""));
}
