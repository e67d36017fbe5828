//! Tests the mode in which the signature is verified and the issuer is asked too.

use axum_protected::introspection::Mode;
use axum_protected::{Issuer, Provider, RefusalKind, ResourceServer};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{AUDIENCE, fresh_key, keys, token, trusting};
use serde_json::{Value, json};

use super::double::ISSUER;
use super::{Double, Reply, active, inactive, now, present, refused, settings, with};

fn issuer() -> Issuer {
    let settings = settings().endpoint("https://id.example.com/introspect").mode(Mode::Always);
    Issuer::new(ISSUER).jwks(keys().jwks()).introspection(settings)
}

fn server(double: &Double, issuer: Issuer) -> ResourceServer {
    trusting(issuer).fetch(double.clone()).build().unwrap()
}

/// Returns a token with the values of the usual answer.
fn jwt() -> TokenBuilder {
    token(ISSUER).subject("alice").claim("client_id", "web")
}

#[tokio::test]
async fn a_token_needs_its_signature_and_the_answer() {
    let double = Double::default();
    let server = server(&double, issuer());
    let text = jwt().sign();
    assert_eq!(refused(&server, &text).await, RefusalKind::InactiveToken);
    let other = jwt().claim("jti", "other").sign();
    double.answer(&other, active(ISSUER));
    assert!(present(&server, &other).await.is_ok());
    assert_eq!(double.total(), 2);
}

#[tokio::test]
async fn the_issuer_is_not_asked_about_a_token_that_is_wrong_anyhow() {
    let double = Double::default();
    let server = server(&double, issuer());
    double.answer_others(active(ISSUER));
    let forged = TokenBuilder::new(&fresh_key(), ISSUER, AUDIENCE);
    let (signed, _) = jwt().sign().rsplit_once('.').map(|(a, b)| (a.to_owned(), b.len())).unwrap();
    for (text, kind) in [
        (forged.sign(), RefusalKind::UnknownKey),
        (
            format!("{signed}.{}", axum_protected_tests::encode([1; 256])),
            RefusalKind::InvalidSignature,
        ),
        (format!("{signed}."), RefusalKind::InvalidSignature),
        (jwt().expired().sign(), RefusalKind::Expired),
        (jwt().without("exp").sign(), RefusalKind::MissingClaim),
        (jwt().claim("exp", "soon").sign(), RefusalKind::MalformedClaim),
        (jwt().claim("nbf", now() + 300).sign(), RefusalKind::NotYetValid),
        (jwt().header("typ", "JWT").claim("token_use", "id").sign(), RefusalKind::WrongType),
        (jwt().header("typ", "logout+jwt").sign(), RefusalKind::WrongType),
        (token("https://other.example.com").sign(), RefusalKind::UnknownIssuer),
        ("opaque".to_owned(), RefusalKind::MalformedToken),
        ("a.b.c".to_owned(), RefusalKind::MalformedToken),
    ] {
        assert_eq!(refused(&server, &text).await, kind, "{text}");
    }
    assert_eq!(double.total(), 0);
}

#[tokio::test]
async fn claims_come_from_the_answer_where_it_has_them() {
    let double = Double::default();
    let server = server(&double, issuer());
    let text = jwt().claim("department", "a").claim("email", "old@example.com").sign();
    double.answer(&text, with(active(ISSUER), json!({ "email": "new@example.com" })));
    let token = present(&server, &text).await.unwrap();
    assert_eq!(token.claim_str("department"), Some("a"));
    assert_eq!(token.claim_str("email"), Some("new@example.com"));
    // A token without audience, such as a lightweight one of Keycloak.
    let light = jwt().without("aud").without("sub").sign();
    double.answer(&light, active(ISSUER));
    assert_eq!(present(&server, &light).await.unwrap().subject(), Some("alice"));
    // An answer that says only that the token is active.
    let full = jwt().claim("jti", "full").sign();
    double.answer(&full, json!({ "active": true }));
    assert_eq!(present(&server, &full).await.unwrap().subject(), Some("alice"));
    // The audience of the answer replaces that of the token, and an audience must be somewhere.
    let audience = jwt().claim("jti", "audience").sign();
    let other = json!({ "aud": "https://other.example.com" });
    double.answer(&audience, with(active(ISSUER), other));
    assert_eq!(refused(&server, &audience).await, RefusalKind::WrongAudience);
    let none = jwt().claim("jti", "none").without("aud").sign();
    double.answer(&none, with(active(ISSUER), json!({ "aud": null })));
    assert_eq!(refused(&server, &none).await, RefusalKind::MissingClaim);
}

#[tokio::test]
async fn a_claim_that_the_answer_has_as_null_is_in_the_identity_once() {
    let double = Double::default();
    let server = server(&double, issuer());
    let reply = |body: &str| Reply::text("application/json", body);
    // As with an opaque token, an audience and an end that are there must have a value.
    for (index, member) in ["aud", "exp"].into_iter().enumerate() {
        let text = jwt().claim("jti", index.to_string()).sign();
        double.answer(&text, reply(&format!(r#"{{"active":true,"{member}":null}}"#)));
        assert_eq!(refused(&server, &text).await, RefusalKind::MalformedClaim, "{member}");
    }
    let text = jwt().claim("department", "a").claim("active", true).sign();
    double.answer(&text, reply(r#"{"active":true,"sub":null,"iss":null,"department":null}"#));
    let token = present(&server, &text).await.unwrap();
    assert_eq!((token.subject(), token.claim_str("department")), (Some("alice"), Some("a")));
    assert_eq!(token.claim("active"), None);
}

#[tokio::test]
async fn scopes_and_roles_come_from_the_answer_alone() {
    let double = Double::default();
    let issuer = issuer()
        .provider(Provider::Keycloak)
        .scopes_claim(["scope"])
        .scopes_claim(["permissions"])
        .tenant_claim("organisation");
    let server = server(&double, issuer);
    let details = json!([{ "type": "payment_initiation" }]);
    let text = jwt()
        .claim("typ", "Bearer")
        .claim("azp", "web")
        .scope("items:read items:admin")
        .claim("permissions", json!(["items:delete"]))
        .claim("realm_access", json!({ "roles": ["admin"] }))
        .claim("resource_access", json!({ AUDIENCE: { "roles": ["owner"] } }))
        .claim("authorization_details", details)
        .claim("organisation", "acme")
        .sign();
    double.answer(&text, with(active(ISSUER), json!({ "scope": null, "azp": "web" })));
    let token = present(&server, &text).await.unwrap();
    assert_eq!(token.scopes().count(), 0);
    assert_eq!(token.roles().count(), 0);
    assert_eq!(token.claim("authorization_details"), None);
    assert_eq!(token.tenant(), Some("acme"));
    let granted = jwt().claim("typ", "Bearer").claim("jti", "granted").sign();
    let members = json!({ "scope": "items:read", "realm_access": { "roles": ["reader"] } });
    double.answer(&granted, with(active(ISSUER), members));
    let token = present(&server, &granted).await.unwrap();
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["items:read"]);
    assert_eq!(token.roles().collect::<Vec<_>>(), ["reader"]);
}

#[tokio::test]
async fn an_answer_about_another_token_is_refused() {
    let double = Double::default();
    let server = server(&double, issuer());
    let digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    let cases: Vec<(TokenBuilder, Value, RefusalKind)> = vec![
        (jwt(), json!({ "sub": "mallory" }), RefusalKind::InactiveToken),
        (jwt(), json!({ "sub": "Alice" }), RefusalKind::InactiveToken),
        (jwt(), json!({ "iss": "https://id.example.com/" }), RefusalKind::UnknownIssuer),
        (jwt(), json!({ "client_id": "other" }), RefusalKind::InactiveToken),
        // The client of the token is in `azp`, and that of the answer in `client_id`.
        (jwt().without("client_id").claim("azp", "app"), json!({}), RefusalKind::InactiveToken),
        (
            jwt().claim("cnf", json!({ "x5t#S256": digest })),
            json!({ "cnf": { "jkt": digest } }),
            RefusalKind::InactiveToken,
        ),
        (
            jwt().claim("cnf", json!({ "jkt": digest })),
            json!({ "cnf": { "jkt": digest, "x5t#S256": digest } }),
            RefusalKind::InactiveToken,
        ),
        // A binding of the token remains, if the answer says nothing of it.
        (jwt().claim("cnf", json!({ "jkt": digest })), json!({}), RefusalKind::BoundToken),
        (jwt(), json!({ "cnf": { "x5t#S256": digest } }), RefusalKind::BoundToken),
    ];
    for (index, (token, members, kind)) in cases.into_iter().enumerate() {
        let text = token.claim("jti", index.to_string()).sign();
        println!("{members}");
        double.answer(&text, with(active(ISSUER), members));
        assert_eq!(refused(&server, &text).await, kind);
    }
    // The order of the members has no meaning, and a missing claim is not another one.
    let bound = jwt().without("sub").without("client_id").sign();
    double.answer(&bound, active(ISSUER));
    assert!(present(&server, &bound).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_token_ends() {
    let double = Double::default();
    let settings = settings().endpoint("https://id.example.com/introspect").mode(Mode::Always);
    let settings = settings.cache_period(std::time::Duration::ZERO);
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks()).introspection(settings);
    let server = server(&double, issuer);
    let text = jwt().sign();
    for (reply, is_valid) in [(active(ISSUER), true), (inactive(), false), (active(ISSUER), true)] {
        double.answer(&text, reply);
        assert_eq!(present(&server, &text).await.is_ok(), is_valid);
    }
    assert_eq!(double.total(), 3);
}

#[tokio::test]
async fn the_profile_of_jwts_applies_to_token_and_answer_together() {
    let double = Double::default();
    let server = server(&double, issuer().rfc9068());
    let complete = jwt().sign();
    double.answer(&complete, json!({ "active": true }));
    assert!(present(&server, &complete).await.is_ok());
    let completed = jwt().without("client_id").without("sub").sign();
    double.answer(&completed, active(ISSUER));
    assert!(present(&server, &completed).await.is_ok());
    let missing = jwt().without("client_id").claim("jti", "missing").sign();
    double.answer(&missing, json!({ "active": true }));
    assert_eq!(refused(&server, &missing).await, RefusalKind::MissingClaim);
    let plain = jwt().header("typ", "JWT").sign();
    assert_eq!(refused(&server, &plain).await, RefusalKind::WrongType);
    assert_eq!(double.count(&plain), 0);
}
