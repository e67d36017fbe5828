//! Tests the operator's endpoint of one instance.

use axum_protected_testing::AuthorizationServer;
use serde_json::{Value, json};

use super::instance::{Instance, answer, now, operator};

#[tokio::test]
async fn each_target_is_refused_from_the_next_request_on() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let api = Instance::trusting(&issuer, &[]);
    let token = || {
        let token = issuer.token().subject("alice").claim("client_id", "web");
        token.claim("sid", "session-1").claim("jti", "token-1")
    };
    for (target, other) in [
        (json!({ "token": "token-1" }), token().claim("jti", "token-2")),
        (json!({ "session": "session-1" }), token().claim("sid", "session-2").claim("jti", "3")),
        (
            json!({ "subject": "alice", "issued_until": now(), "until": now() + 60 }),
            token().subject("bob").claim("sid", "4").claim("jti", "4"),
        ),
        (
            json!({ "client": "web" }),
            token().claim("client_id", "app").subject("carol").claim("sid", "5").claim("jti", "5"),
        ),
    ] {
        let other = other.sign();
        assert_eq!(api.judge(&other).await.0, 200, "{target}");
        assert_eq!(api.revoke(&issuer, target.clone()).await, (204, Value::Null), "{target}");
        let revoked = (401, "revoked_token".to_owned());
        assert_eq!(api.judge(&token().sign()).await, revoked, "{target}");
        assert_eq!(api.judge(&other).await.0, 200, "{target}");
    }
    // All tokens, including that of the operator.
    assert_eq!(api.revoke(&issuer, json!({ "all": true })).await.0, 204);
    let (status, body) = api.revoke(&issuer, json!({ "all": true })).await;
    assert_eq!((status, &body["code"]), (401, &json!("revoked_token")));
}

#[tokio::test]
async fn only_an_operator_may_revoke() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let api = Instance::trusting(&issuer, &[]);
    let body = json!({ "issuer": issuer.issuer(), "all": true }).to_string();
    let token = issuer.token().scope("items:read items:write");
    for (token, expected) in [(token.sign(), 403), (operator(&issuer).expired().sign(), 401)] {
        assert_eq!(api.post(&token, body.clone()).await.status(), expected);
        // The token is judged before the body is read.
        assert_eq!(api.post(&token, "{").await.status(), expected);
    }
    assert_eq!(api.judge(&issuer.token().sign()).await.0, 200);
}

#[tokio::test]
async fn a_wrong_body_is_a_problem_document_without_its_values() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let api = Instance::trusting(&issuer, &[]);
    let identifier = issuer.issuer();
    let of = |members: Value| {
        let mut body = json!({ "issuer": identifier });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body.to_string()
    };
    let huge = of(json!({ "token": "s3cr3t".repeat(20_000) }));
    let cases = [
        (String::new(), 400, "invalid_body", "EOF while parsing"),
        ("{\"issuer\":\"s3cr3t".to_owned(), 400, "invalid_body", "EOF while parsing"),
        ("[]".to_owned(), 422, "invalid_body", "expected an object"),
        (of(json!({})), 422, "invalid_body", "no tokens are named: set one of `token`"),
        (of(json!({ "user": "s3cr3t" })), 422, "invalid_body", "`user` is not a member"),
        (
            of(json!({ "token": "s3cr3t", "subject": "s3cr3t" })),
            422,
            "invalid_body",
            "`token` and `subject` are both set: keep one",
        ),
        (of(json!({ "token": "" })), 422, "invalid_body", "`token` is empty"),
        (of(json!({ "all": "s3cr3t" })), 422, "invalid_body", "`all` is not `true`"),
        (of(json!({ "subject": "s3cr3t", "until": 1 })), 422, "until_has_passed", "`until`"),
        (
            json!({ "issuer": "https://s3cr3t.example", "all": true }).to_string(),
            422,
            "unknown_issuer",
            "does not trust this issuer",
        ),
        (huge, 413, "body_too_large", "length limit exceeded"),
    ];
    for (body, status, code, detail) in cases {
        let shown = body.chars().take(200).collect::<String>();
        let response = api.post(&operator(&issuer).sign(), body).await;
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{shown}");
        let (found, problem) = answer(response).await;
        assert_eq!((found, problem["code"].as_str()), (status, Some(code)), "{shown}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{shown}: {problem}");
        assert!(!problem.to_string().contains("s3cr3t"), "{problem}");
    }
    let request = api.get("/api/revocations").bearer_auth(operator(&issuer).sign());
    assert_eq!(request.send().await.unwrap().status(), 405);
    assert_eq!(api.judge(&issuer.token().sign()).await.0, 200);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_problem() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let api = Instance::trusting(&issuer, &[]);
    let url = api.get("/api/revocations").build().unwrap().url().clone();
    let request = reqwest::Client::new().post(url).bearer_auth(operator(&issuer).sign());
    let (status, problem) = answer(request.body("all=true").send().await.unwrap()).await;
    assert_eq!((status, &problem["code"]), (415, &json!("body_not_json")));
}

#[tokio::test]
async fn an_instance_without_redis_is_ready_when_it_has_keys() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let api = Instance::trusting(&issuer, &[]);
    assert_eq!(api.judge(&issuer.token().sign()).await.0, 200);
    let (status, health) = api.ready().await;
    assert_eq!((status, &health["ready"]), (200, &json!(true)), "{health}");
    assert_eq!(health.get("revocation_feed"), None, "{health}");
    let away = Instance::start(&[
        ("OAUTH_ISSUER", "https://id.invalid"),
        ("OAUTH_AUDIENCE", "https://api.example.com"),
    ]);
    let (status, health) = away.ready().await;
    assert_eq!((status, &health["ready"]), (503, &json!(false)), "{health}");
}
