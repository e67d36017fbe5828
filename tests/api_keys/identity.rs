//! Tests that a key yields the same identity as a token: for policies, arguments, checks and audit.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::HeaderMap;
use axum_protected::api_key::{ApiKey, ApiKeys};
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::{Revocation, RevocationError};
use axum_protected::{AccessToken, Claims, Presentation, ProtectedRouter, RefusalKind, protected};
use axum_protected_testing::ManualClock;
use axum_protected_tests::{App, Call, token};
use serde::Deserialize;
use serde_json::json;
use tower::ServiceExt;

use super::{ISSUER, SCOPES, entry, fixed, generate, valid_token};

#[derive(Debug, Deserialize)]
struct Caller {
    iss: String,
    sub: String,
    client_id: String,
    scope: String,
    roles: Vec<String>,
    exp: u64,
    tenant: String,
    limits: Vec<u32>,
}

#[protected(all(
    scope = "items:read",
    role = "auditor",
    client = "build",
    claim("tenant" = "acme"),
    issuer = "api-keys"
))]
async fn of_key(token: AccessToken, Claims(caller): Claims<Caller>) {
    assert_eq!(token.issuer(), "api-keys");
    assert_eq!(token.subject(), Some("ci"));
    assert_eq!(token.client(), Some("build"));
    assert_eq!(token.tenant(), Some("acme"));
    assert_eq!(token.roles().collect::<Vec<_>>(), ["auditor"]);
    assert_eq!(token.scopes().collect::<Vec<_>>(), SCOPES);
    assert_eq!(token.presentation(), Presentation::ApiKey);
    assert_eq!(token.api_key_name(), Some("ci 2026"));
    assert_eq!(token.expires_at(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(caller.exp)));
    assert_eq!((caller.iss.as_str(), caller.sub.as_str()), ("api-keys", "ci"));
    assert_eq!((caller.client_id.as_str(), caller.tenant.as_str()), ("build", "acme"));
    assert_eq!((caller.scope, caller.roles), (SCOPES.join(" "), vec!["auditor".to_owned()]));
    assert_eq!(caller.limits, [1, 2]);
}

#[protected(issuer = "https://id.example.com/realms/acme")]
async fn of_token() {}

#[protected(max_age = "5m")]
async fn of_recent_user() {}

#[tokio::test]
async fn policies_and_arguments_read_a_key_like_a_token() {
    let key = generate();
    let entry = entry(key.key())
        .client("build")
        .roles(["auditor"])
        .claim("tenant", "acme")
        .claim("limits", json!([1, 2]))
        .expires_at(SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000))
        .name("ci 2026");
    let server = fixed().api_keys(ApiKeys::new().key(entry)).build().unwrap();
    let router: Router = ProtectedRouter::new()
        .route("/key", axum_protected::routing::get(of_key))
        .route("/token", axum_protected::routing::get(of_token))
        .route("/user", axum_protected::routing::get(of_recent_user))
        .with_state(server)
        .into_router()
        .unwrap();
    let status = async |path: &str, name: &str, value: &str| {
        let request = axum::http::Request::get(path).header(name, value);
        let request = request.body(axum::body::Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let bearer = format!("Bearer {}", valid_token());
    assert_eq!(status("/key", "x-api-key", key.key()).await, 200);
    assert_eq!(status("/key", "authorization", &bearer).await, 403);
    assert_eq!(status("/token", "x-api-key", key.key()).await, 403);
    assert_eq!(status("/token", "authorization", &bearer).await, 200);
    // A key does not prove that a user has authenticated.
    assert_eq!(status("/user", "x-api-key", key.key()).await, 401);
}

/// A router whose policy demands keys needs a server that has keys.
#[test]
fn the_issuer_of_keys_is_known_only_with_keys() {
    let finish = |server| -> Result<Router, _> {
        let router = ProtectedRouter::new().route("/key", axum_protected::routing::get(of_key));
        router.with_state(server).into_router()
    };
    let error = finish(fixed().build().unwrap()).unwrap_err().to_string();
    assert!(error.contains("api-keys"), "{error}");
    assert!(finish(fixed().api_keys(ApiKeys::new()).build().unwrap()).is_ok());
}

#[tokio::test]
async fn every_kind_of_argument_takes_a_key() {
    let (key, carol) = (generate(), generate());
    let keys = ApiKeys::new()
        .key(entry(key.key()).claim("email", "ci@example.com"))
        .key(entry(carol.key()).subject("carol"));
    let app = App::serve(fixed().api_keys(keys).build().unwrap()).await;
    let with = |call: Call, key: &str| call.header("x-api-key", key);
    for path in ["/api/items", "/api/me", "/api/export", "/api/caller", "/nested/items"] {
        app.grants(&with(Call::get(path), key.key())).await;
    }
    app.grants(&with(Call::post("/api/items"), key.key())).await;
    let optional = app.grants(&with(Call::get("/api/optional"), key.key())).await;
    assert_eq!(optional.text(), r#"Some(Some("ci"))"#);
    app.refuses(&with(Call::get("/api/optional"), "wrong"), 401, "unknown_api_key").await;
    app.grants(&with(Call::get("/api/carol"), carol.key())).await;
    app.refuses(&with(Call::get("/api/carol"), key.key()), 403, "denied").await;
    app.refuses(&with(Call::get("/api/caller"), carol.key()), 401, "unexpected_claims").await;
    let challenge = app.refuses(&Call::get("/api/items"), 401, "missing_token").await.unwrap();
    assert_eq!(challenge.get("scope"), Some("items:read"));
}

#[tokio::test]
async fn a_key_without_the_scope_gets_the_same_refusal_as_a_token() {
    let key = generate();
    let keys = ApiKeys::new().key(ApiKey::new(key.digest()).subject("ci").scopes(["items:read"]));
    let app = App::serve(fixed().api_keys(keys).build().unwrap()).await;
    let call = Call::post("/api/items").header("x-api-key", key.key());
    let challenge = app.refuses(&call, 403, "insufficient_scope").await.unwrap();
    assert_eq!(challenge.get("scope"), Some("items:write"));
}

#[tokio::test]
async fn a_decision_has_the_identity_of_the_key() {
    let key = generate();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let server = fixed()
        .api_keys(ApiKeys::new().key(entry(key.key()).name("ci 2026")))
        .on_decision(move |decision| {
            let token = decision.token();
            let name = token.and_then(AccessToken::api_key_name).map(str::to_owned);
            let code = decision.refusal().map(RefusalKind::code);
            record.lock().unwrap().push((format!("{decision:?}"), name, code));
        })
        .build()
        .unwrap();
    let app = App::serve(server).await;
    app.grants(&Call::get("/api/items").header("x-api-key", key.key())).await;
    app.refuses(&Call::get("/api/items").header("x-api-key", "wrong"), 401, "unknown_api_key")
        .await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].1.as_deref(), Some("ci 2026"));
    assert_eq!((&seen[1].1, seen[1].2), (&None, Some("unknown_api_key")));
    assert!(!format!("{seen:?}").contains(key.key()));
}

#[tokio::test]
async fn a_key_expires_without_leeway() {
    let key = generate();
    let clock = ManualClock::at(SystemClock.now());
    let expiry = clock.now() + Duration::from_secs(60);
    let keys = ApiKeys::new().key(entry(key.key()).expires_at(expiry));
    let server = fixed().clock(clock.clone()).api_keys(keys).build().unwrap();
    let app = App::serve(server).await;
    let call = Call::get("/api/items").header("x-api-key", key.key());
    clock.set(expiry - Duration::from_nanos(1));
    app.grants(&call).await;
    clock.set(expiry);
    app.refuses(&call, 401, "expired_api_key").await;
}

/// A key has no `iat`, so a revocation concerns each key of the subject, as a token without `iat`.
#[tokio::test]
async fn keys_are_revoked_by_issuer_subject_and_client() {
    let until = SystemClock.now() + Duration::from_secs(3600);
    let long_ago = SystemTime::UNIX_EPOCH;
    let cases: [(Revocation, [bool; 3]); 5] = [
        (Revocation::issuer("api-keys", long_ago), [true, true, true]),
        (Revocation::subject("api-keys", "ci", long_ago), [true, true, false]),
        (Revocation::client("api-keys", "build", long_ago), [true, false, false]),
        (Revocation::subject(ISSUER, "ci", until), [false, false, false]),
        (Revocation::issuer(ISSUER, until), [false, false, false]),
    ];
    for (revocation, expected) in cases {
        let all = [generate(), generate(), generate()];
        let [one, two, three] = &all;
        let keys = ApiKeys::new()
            .key(entry(one.key()).client("build"))
            .key(entry(two.key()))
            .key(entry(three.key()).subject("alice"));
        let server = fixed().api_keys(keys).build().unwrap();
        let app = App::serve(server.clone()).await;
        let name = format!("{revocation:?}");
        server.revocations().revoke(revocation, until).await.unwrap();
        for (key, is_revoked) in all.iter().zip(expected) {
            let call = Call::get("/api/items").header("x-api-key", key.key());
            println!("{name}");
            if is_revoked {
                app.refuses(&call, 401, "revoked_token").await;
            } else {
                app.grants(&call).await;
            }
        }
    }
    let server = fixed().build().unwrap();
    let revocation = Revocation::issuer("api-keys", long_ago);
    let error = server.revocations().revoke(revocation, until).await.unwrap_err();
    assert_eq!(error, RevocationError::UnknownIssuer);
}

/// With a bearer prefix, a text without a place is a key or a token.
#[tokio::test]
async fn a_text_with_the_prefix_is_a_key() {
    let key = generate();
    let keys = ApiKeys::new().bearer_prefix("items").key(entry(key.key()));
    let server = fixed().api_keys(keys).build().unwrap();
    assert_eq!(server.authenticate(key.key()).await.unwrap().issuer(), "api-keys");
    assert_eq!(server.authenticate(&valid_token()).await.unwrap().issuer(), ISSUER);
    let error = server.authenticate("items_abc").await.unwrap_err();
    assert_eq!(error.kind().code(), "unknown_api_key");
    // In another place a text is always a token.
    let server = fixed().api_keys(ApiKeys::new().key(entry(key.key()))).build().unwrap();
    let error = server.authenticate(key.key()).await.unwrap_err();
    assert_eq!(error.kind().code(), "malformed_token");
}

#[tokio::test]
async fn a_key_is_explained() {
    let (key, expired) = (generate(), generate());
    let keys = || {
        let expired = entry(expired.key()).expires_at(super::hour_ago());
        ApiKeys::new().key(entry(key.key())).key(expired)
    };
    let server = fixed().api_keys(keys()).build().unwrap();
    let explained = server.explain(key.key());
    assert!(explained.is_accepted);
    assert_eq!(explained.issuer.as_deref(), Some("api-keys"));
    assert_eq!(explained.claims.as_ref().unwrap()["sub"], "ci");
    assert!(
        explained
            .rules
            .iter()
            .all(|rule| rule.rule.contains("key") || rule.rule.contains("revoked"))
    );
    let explained = server.explain(expired.key()).to_string();
    assert!(explained.contains("refused: expired_api_key"), "{explained}");
    assert!(explained.contains("FAILED       the server has the API key"), "{explained}");
    assert!(!explained.contains(expired.key()), "{explained}");
    // A text that the server does not hold may be a token, unless it has the prefix of keys.
    assert!(server.explain("items_abc").to_string().contains("malformed_token"));
    assert!(server.explain(&valid_token()).is_accepted);
    let server = fixed().api_keys(keys().bearer_prefix("items")).build().unwrap();
    assert!(server.explain("items_abc").to_string().contains("refused: unknown_api_key"));
    let looked_up = ApiKeys::new().bearer_prefix("items").look_up(async |_| Ok::<_, String>(None));
    let server = fixed().api_keys(looked_up).build().unwrap();
    let explained = server.explain(key.key()).to_string();
    assert!(explained.contains("the key is not cached"), "{explained}");
}

/// A token that claims to be of the issuer of keys is of an unknown issuer.
#[tokio::test]
async fn a_token_is_never_a_key() {
    let key = generate();
    let server = fixed().api_keys(ApiKeys::new().key(entry(key.key()))).build().unwrap();
    let app = App::serve(server).await;
    let forged = token("api-keys").scope("items:read").sign();
    app.refuses(&Call::get("/api/items").bearer(&forged), 401, "unknown_issuer").await;
}

#[tokio::test]
async fn a_server_needs_tls_for_keys_too() {
    let key = generate();
    let keys = ApiKeys::new().key(entry(key.key()));
    let server = fixed().require_https().api_keys(keys).build().unwrap();
    let headers = [("x-api-key".parse().unwrap(), key.key().parse().unwrap())];
    let error = server.authenticate(&HeaderMap::from_iter(headers)).await.unwrap_err();
    assert_eq!(error.kind().code(), "insecure_transport");
    // The application is served without the addresses of its peers.
    let app = App::serve(server).await;
    let call = Call::get("/api/items").header("x-api-key", key.key());
    app.refuses(&call, 400, "insecure_transport").await;
}

#[tokio::test]
async fn a_server_may_have_keys_and_no_issuer() {
    let key = generate();
    let keys = ApiKeys::new().key(entry(key.key()));
    let server = axum_protected::ResourceServer::builder().api_keys(keys).build().unwrap();
    assert!(server.health().ready);
    server.ready().await.unwrap();
    let headers = [("x-api-key".parse().unwrap(), key.key().parse().unwrap())];
    let token = server.authenticate(&HeaderMap::from_iter(headers)).await.unwrap();
    assert_eq!(token.subject(), Some("ci"));
    let app = App::serve(server).await;
    app.grants(&Call::get("/api/items").header("x-api-key", key.key())).await;
    app.refuses(&Call::get("/api/items").bearer(&valid_token()), 401, "unknown_issuer").await;
}
