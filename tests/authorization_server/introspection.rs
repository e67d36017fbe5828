//! Tests the introspection endpoint (RFC 7662), and signed answers (RFC 9701).

use std::time::Duration;

use axum::http::StatusCode;
use axum_protected::Algorithm;
use axum_protected::introspection::Introspection;
use axum_protected_testing::{
    AuthorizationServer, DpopKey, IntrospectionEndpoint, ProtectedResource, SigningKeys,
    TokenBuilder,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::test_client::{
    Answer, assert_refused, claims, header, posted, refresh, request, send, sign_in,
};
use super::{BATCH, CALLBACK, PAGE, SECRET, builder};

const ITEMS: (&str, &str) = ("items:api", "a secret: 100%");
const BEARER: &str = "the token of the orders API";
const ORDERS: &str = "https://orders.example.com";
const SIGNED: &str = "application/token-introspection+jwt";

async fn server() -> AuthorizationServer {
    builder()
        .protected_resource(ProtectedResource::confidential(ITEMS.0, ITEMS.1))
        .protected_resource(ProtectedResource::bearer("orders", BEARER).audience(ORDERS))
        .start()
        .await
        .unwrap()
}

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

/// Returns the request of the items API about a token.
fn question(server: &AuthorizationServer, token: &str) -> RequestBuilder {
    posted(server, "/introspect", &[("token", token)])
        .header("authorization", basic("items%3Aapi:a+secret%3A+100%25"))
}

async fn answer(server: &AuthorizationServer, token: &str) -> Value {
    let answer = send(question(server, token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn answer_to_orders(server: &AuthorizationServer, token: &str) -> Value {
    let question = posted(server, "/introspect", &[("token", token)])
        .header("authorization", format!("Bearer {BEARER}"));
    send(question).await.json()
}

fn inactive() -> Value {
    json!({ "active": false })
}

/// Returns builders for a token of each kind.
fn both_kinds(server: &AuthorizationServer) -> [TokenBuilder; 2] {
    [server.token(), server.opaque_token()]
}

#[tokio::test]
async fn the_answer_has_the_claims_of_the_token() {
    let server = server().await;
    for token in both_kinds(&server) {
        let token = token.subject("bob").scope("items:read").claim("acr", "mfa").sign();
        let answer = answer(&server, &token).await;
        for (name, expected) in [
            ("active", json!(true)),
            ("iss", json!(server.issuer())),
            ("aud", json!(server.audience())),
            ("sub", json!("bob")),
            ("client_id", json!("development")),
            ("scope", json!("items:read")),
            ("acr", json!("mfa")),
            ("token_type", json!("Bearer")),
        ] {
            assert_eq!(answer[name], expected, "{name}");
        }
        assert!(answer["exp"].is_u64() && answer["iat"].is_u64());
    }
    assert_eq!(server.introspections(), 2);
}

#[tokio::test]
async fn a_bound_token_is_described_as_such() {
    let server = server().await;
    let key = DpopKey::generate().unwrap();
    for token in both_kinds(&server) {
        let answer = answer(&server, &token.bound_to(&key).sign()).await;
        assert_eq!(answer["token_type"], "DPoP");
        assert_eq!(answer["cnf"], json!({ "jkt": key.thumbprint() }));
    }
}

#[tokio::test]
async fn nothing_is_said_about_a_token_that_the_resource_cannot_use() {
    let server = server().await;
    let other_server = AuthorizationServer::start().await.unwrap();
    let mut tokens = vec![
        "unknown".to_owned(),
        "a.b.c".to_owned(),
        other_server.token().sign(),
        other_server.opaque_token().sign(),
    ];
    for token in both_kinds(&server) {
        tokens.push(token.clone().expired().sign());
        tokens.push(token.clone().claim("nbf", u64::MAX).sign());
        tokens.push(token.clone().claim("aud", ORDERS).sign());
        tokens.push(token.sign() + "A");
    }
    for token in tokens {
        assert_eq!(answer(&server, &token).await, inactive(), "{token}");
    }
    // After a rotation of the keys, only opaque tokens are known.
    let [jwt, opaque] = both_kinds(&server).map(TokenBuilder::sign);
    server.rotate().unwrap();
    assert_eq!(answer(&server, &jwt).await, inactive());
    assert_eq!(answer(&server, &opaque).await["active"], true);
}

#[tokio::test]
async fn the_audience_is_that_of_the_caller() {
    let server = server().await;
    for token in both_kinds(&server) {
        let foreign = token.clone().claim("aud", ORDERS).sign();
        assert_eq!(answer(&server, &foreign).await, inactive());
        assert_eq!(answer_to_orders(&server, &foreign).await["aud"], ORDERS);
        let own = token.clone().sign();
        assert_eq!(answer(&server, &own).await["active"], true);
        assert_eq!(answer_to_orders(&server, &own).await, inactive());
        let for_both = token.claim("aud", json!([server.audience(), ORDERS])).sign();
        assert_eq!(answer(&server, &for_both).await["active"], true);
        assert_eq!(answer_to_orders(&server, &for_both).await["active"], true);
    }
}

#[tokio::test]
async fn only_protected_resources_are_answered() {
    let server = server().await;
    let token = server.opaque_token().sign();
    let form = [("token", token.as_str())];
    let in_form = [form[0], ("client_id", ITEMS.0), ("client_secret", ITEMS.1)];
    assert_eq!(send(posted(&server, "/introspect", &in_form)).await.json()["active"], true);

    let refused = async |form: &[(&str, &str)], authorization: Option<String>, status, code| {
        let mut request = posted(&server, "/introspect", form);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        assert_refused(&send(request).await, status, code);
    };
    let right = basic("items%3Aapi:a+secret%3A+100%25");
    // Both parts are form-encoded before base64 (RFC 6749 section 2.3.1).
    refused(&form, Some(basic("items:api:a secret: 100%")), 401, "invalid_client").await;
    refused(&form, Some(basic("items%3Aapi:wrong")), 401, "invalid_client").await;
    refused(&form, Some(basic("orders:")), 401, "invalid_client").await;
    refused(&form, Some(format!("Bearer {token}")), 401, "invalid_client").await;
    refused(&form, Some("Bearer".to_owned()), 401, "invalid_client").await;
    refused(&form, None, 400, "invalid_request").await;
    refused(&in_form, Some(right.clone()), 400, "invalid_request").await;
    // A client is not a protected resource.
    let client = [form[0], ("client_id", BATCH), ("client_secret", SECRET)];
    refused(&client, None, 401, "invalid_client").await;
    refused(&[form[0], ("client_id", PAGE)], None, 401, "invalid_client").await;
    refused(&[], Some(right.clone()), 400, "invalid_request").await;
    refused(&[form[0], form[0]], Some(right), 400, "invalid_request").await;

    let get = request(&server, "GET", &format!("/introspect?token={token}"));
    assert_eq!(send(get).await.status, 405);
}

#[tokio::test]
async fn a_protected_resource_may_sign_its_credential() {
    let keys = SigningKeys::generate(&[Algorithm::ES256]).unwrap();
    let others = SigningKeys::generate(&[Algorithm::ES256]).unwrap();
    let server = AuthorizationServer::builder()
        .protected_resource(ProtectedResource::private_key_jwt("items", keys.jwks()))
        .start()
        .await
        .unwrap();
    let token = server.opaque_token().sign();
    let status = async |assertion: TokenBuilder| {
        let assertion = assertion.sign();
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let form = [
            ("token", token.as_str()),
            ("client_assertion", assertion.as_str()),
            ("client_assertion_type", kind),
        ];
        send(posted(&server, "/introspect", &form)).await.status
    };
    let signed = |keys| TokenBuilder::new(keys, "items", server.issuer()).subject("items");
    let good = signed(&keys);
    let endpoint = server.introspection_endpoint();
    assert_eq!(status(good.clone()).await, 200);
    assert_eq!(status(good.clone().claim("aud", endpoint)).await, 200);
    for wrong in [
        signed(&others),
        good.clone().subject("other"),
        good.clone().claim("iss", "other"),
        good.clone().claim("aud", "https://other.example.com"),
        good.clone().expired(),
        good.clone().without("exp"),
        good.clone().without("jti"),
        good.header("alg", "none"),
    ] {
        assert_eq!(status(wrong.clone()).await, 401, "{wrong:?}");
    }
}

#[tokio::test]
async fn the_endpoint_can_be_disturbed() {
    let server = server().await;
    let token = server.opaque_token().sign();
    server.set_introspection(IntrospectionEndpoint::Status(StatusCode::UNAUTHORIZED));
    let refused = send(question(&server, &token)).await;
    assert_eq!((refused.status, refused.body.as_str()), (401, ""));

    let odd = json!({ "active": "true" });
    server.set_introspection(IntrospectionEndpoint::Answer(odd.clone()));
    assert_eq!(answer(&server, "unknown").await, odd);
    let unauthenticated = posted(&server, "/introspect", &[("token", &token)]);
    assert_eq!(send(unauthenticated).await.status, 400);

    let (content_type, body) = ("text/html".to_owned(), "<html>".to_owned());
    server.set_introspection(IntrospectionEndpoint::Body { content_type, body });
    let page = send(question(&server, &token)).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html"));
    assert_eq!(page.body, "<html>");

    server.set_introspection(IntrospectionEndpoint::Silent);
    let unanswered = timeout(Duration::from_millis(200), send(question(&server, &token)));
    assert!(unanswered.await.is_err());

    let time = Duration::from_millis(200);
    server.set_introspection(IntrospectionEndpoint::Slow(time));
    let start = tokio::time::Instant::now();
    assert_eq!(answer(&server, &token).await["active"], true);
    assert!(start.elapsed() >= time);
    assert_eq!(server.introspections(), 6);
}

#[tokio::test]
async fn a_signed_answer_is_given_where_one_is_registered_and_requested() {
    let server = builder()
        .protected_resource(
            ProtectedResource::confidential(ITEMS.0, ITEMS.1)
                .introspection_signed_response_alg(Algorithm::ES256),
        )
        .protected_resource(ProtectedResource::bearer("orders", BEARER))
        .start()
        .await
        .unwrap();
    let token = server.opaque_token().subject("bob").sign();
    let signed = |token: &str| question(&server, token).header("accept", SIGNED);
    let answer = send(signed(&token)).await;
    assert_eq!(answer.header("content-type"), SIGNED);
    assert_eq!(answer.header("cache-control"), "no-store");
    let jwt = json!(answer.body);
    assert_eq!(header(&jwt)["typ"], "token-introspection+jwt");
    assert_eq!(header(&jwt)["alg"], "ES256");
    let claims = claims(&jwt);
    assert_eq!(claims["iss"], server.issuer());
    assert_eq!(claims["aud"], ITEMS.0);
    assert!(claims["iat"].is_u64());
    assert_eq!(claims["token_introspection"]["sub"], "bob");
    assert_eq!((claims.get("exp"), claims.get("sub")), (None, None));

    let plain = |answer: &Answer| answer.header("content-type") == "application/json";
    assert!(plain(&send(question(&server, &token)).await));
    let by_orders = posted(&server, "/introspect", &[("token", &token)])
        .header("authorization", format!("Bearer {BEARER}"))
        .header("accept", SIGNED);
    assert!(plain(&send(by_orders).await));

    server.set_introspection(IntrospectionEndpoint::Answer(inactive()));
    let jwt = json!(send(signed(&token)).await.body);
    assert_eq!(super::test_client::claims(&jwt)["token_introspection"], inactive());
}

#[tokio::test]
async fn clients_get_opaque_tokens_where_they_are_registered_for_them() {
    let server = AuthorizationServer::builder()
        .client(
            axum_protected_testing::Client::public(PAGE)
                .redirect_uri(CALLBACK)
                .opaque_access_tokens(),
        )
        .protected_resource(ProtectedResource::confidential(ITEMS.0, ITEMS.1))
        .scopes(["items:read", "items:write"])
        .start()
        .await
        .unwrap();
    let response = sign_in(&server, &[("scope", "openid items:read")]).await;
    let token = response["access_token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 1);
    assert_eq!(answer(&server, token).await["scope"], "openid items:read");
    assert_eq!(answer(&server, token).await["sub"], "bob");
    let user_info =
        request(&server, "GET", "/userinfo").header("authorization", format!("Bearer {token}"));
    assert_eq!(send(user_info).await.json()["sub"], "bob");

    let refresh_token = response["refresh_token"].as_str().unwrap();
    let next = refresh(&server, refresh_token, &[("client_id", PAGE)]).await.json();
    let next = next["access_token"].as_str().unwrap().to_owned();
    assert_eq!(answer(&server, &next).await["sub"], "bob");

    assert_eq!(server.log_out("bob").await.unwrap(), 1);
    assert_eq!(answer(&server, token).await, inactive());
    assert_eq!(answer(&server, &next).await, inactive());
}

#[tokio::test]
async fn the_endpoint_exists_only_for_protected_resources() {
    let path = "/.well-known/oauth-authorization-server";
    let with = server().await;
    let metadata = send(request(&with, "GET", path)).await.json();
    assert_eq!(metadata["introspection_endpoint"], with.introspection_endpoint());
    assert_eq!(
        metadata["introspection_endpoint_auth_methods_supported"],
        json!(["client_secret_basic", "client_secret_post", "private_key_jwt", "Bearer"])
    );
    assert_eq!(
        metadata["introspection_signing_alg_values_supported"],
        json!(["RS256", "ES256", "EdDSA"])
    );

    let without = builder().start().await.unwrap();
    let metadata = send(request(&without, "GET", path)).await.json();
    assert_eq!(metadata.get("introspection_endpoint"), None);
    assert_eq!(send(question(&without, "any")).await.status, 404);
    assert_eq!(without.introspections(), 0);
}

#[tokio::test]
async fn an_invalid_protected_resource_does_not_start() {
    let error = AuthorizationServer::builder()
        .protected_resource(ProtectedResource::confidential("a", "hidden\n"))
        .protected_resource(ProtectedResource::private_key_jwt("a", json!([])))
        .protected_resource(
            ProtectedResource::bearer("", "token")
                .introspection_signed_response_alg(Algorithm::PS256),
        )
        .start()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authorization server cannot be started: \
         the protected resource `a` is registered twice; \
         the credential of the protected resource `a` is neither printable ASCII nor a JWK set; \
         the credential of the protected resource `a` is neither printable ASCII nor a JWK set; \
         the id \"\" of a protected resource is not printable ASCII; \
         the algorithm of the answers to the protected resource `` is not RS256, ES256 or EdDSA"
    );
    let debug = format!("{:?}", ProtectedResource::confidential("a", "hidden"));
    assert!(!debug.contains("hidden"), "{debug}");
}

#[tokio::test]
async fn a_resource_server_asks_about_the_tokens_of_the_server() {
    for jwt in [false, true] {
        let resource = ProtectedResource::confidential(ITEMS.0, ITEMS.1);
        let resource = if jwt {
            resource.introspection_signed_response_alg(Algorithm::ES256)
        } else {
            resource
        };
        let server = builder().protected_resource(resource).start().await.unwrap();
        let server = server.trusted_as(|issuer| {
            let introspection = Introspection::new().client_id(ITEMS.0).client_secret(ITEMS.1);
            issuer.introspection(if jwt { introspection.jwt_answers() } else { introspection })
        });
        let api = server.resource_server().build().unwrap();
        for token in both_kinds(&server) {
            let token = token.subject("bob").scope("items:read").sign();
            let token = api.authenticate(&token).await.unwrap();
            assert_eq!(token.subject(), Some("bob"));
            assert!(token.has_scope("items:read"));
        }
        let revoked = server.opaque_token().sign();
        server.revoke(&revoked);
        for wrong in [revoked, server.opaque_token().expired().sign(), "unknown".to_owned()] {
            let error = api.authenticate(&wrong).await.unwrap_err();
            assert_eq!(error.kind().code(), "inactive_token");
        }
        assert_eq!(server.introspections(), 5);
    }
}
