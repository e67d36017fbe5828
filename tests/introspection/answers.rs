//! Tests the rules for an answer, over HTTP.

use axum_protected_tests::{App, Call, token, trusting};
use serde_json::{Value, json};

use super::{Double, Reply, active, inactive, issuer, now, present, refused, settings, with};
use axum_protected::dpop::Dpop;
use axum_protected::{Issuer, RefusalKind};

/// Asserts the status and the code for each answer.
async fn refuses(cases: Vec<(&str, Reply, u16, &str)>) {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    for (index, (what, reply, status, code)) in cases.into_iter().enumerate() {
        let token = format!("opaque-{index}");
        double.answer(&token, reply);
        println!("{what}");
        app.refuses(&Call::get("/api/items").bearer(&token), status, code).await;
        assert_eq!(double.count(&token), 1, "{what}");
    }
}

#[tokio::test]
async fn only_the_boolean_true_is_a_yes() {
    let mut cases = vec![
        ("false", inactive().into(), 401, "inactive_token"),
        (
            "false with members",
            with(active("https://x"), json!({ "active": false, "scope": 7, "exp": "x" })).into(),
            401,
            "inactive_token",
        ),
    ];
    for value in [json!("true"), json!(1), json!("false"), json!([true]), json!({})] {
        cases.push((
            "another type",
            with(active("https://x"), json!({ "active": value })).into(),
            503,
            "introspection_unavailable",
        ));
    }
    for body in [
        r#"{"active":null}"#,
        r#"{"Active":true}"#,
        "{}",
        r#"{"active":false,"active":true}"#,
        r#"{"active":true,"sub":"a","sub":"b"}"#,
        r#"[{"active":true}]"#,
        "true",
        "",
        "<html>active</html>",
        "{\"active\":true",
        "{\"active\":true} x",
        "\u{feff}{\"active\":true}",
    ] {
        let reply = Reply::text("application/json", body);
        cases.push((body, reply, 503, "introspection_unavailable"));
    }
    refuses(cases).await;
}

#[tokio::test]
async fn another_status_is_trouble_of_the_server_and_is_never_passed_on() {
    let codes = [201, 204, 400, 401, 403, 404, 405, 429, 500, 502, 503];
    let reply = |status| ("a status", Reply::status(status), 503, "introspection_unavailable");
    refuses(codes.map(reply).into()).await;
}

#[tokio::test]
async fn a_wrong_member_of_an_active_answer_is_a_wrong_token() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    let cases: Vec<(Value, &str)> = vec![
        (json!({ "aud": null }), "missing_claim"),
        (json!({ "aud": "https://other.example.com" }), "wrong_audience"),
        (json!({ "aud": [] }), "wrong_audience"),
        (json!({ "aud": ["https://other.example.com"] }), "wrong_audience"),
        (json!({ "aud": 7 }), "malformed_claim"),
        (json!({ "aud": ["https://api.example.com", 7] }), "malformed_claim"),
        (json!({ "iss": "https://other.example.com" }), "unknown_issuer"),
        (json!({ "iss": format!("{}/", served.url) }), "unknown_issuer"),
        (json!({ "iss": "" }), "unknown_issuer"),
        (json!({ "iss": 7 }), "malformed_claim"),
        (json!({ "exp": now() - 1 }), "expired_token"),
        (json!({ "exp": now() }), "expired_token"),
        (json!({ "exp": 0 }), "expired_token"),
        (json!({ "exp": "soon" }), "malformed_claim"),
        (json!({ "exp": format!("{}", now() + 600) }), "malformed_claim"),
        (json!({ "nbf": now() + 300 }), "not_yet_valid"),
        (json!({ "nbf": "now" }), "malformed_claim"),
        (json!({ "iat": now() + 300 }), "not_yet_valid"),
        (json!({ "iat": true }), "malformed_claim"),
        (json!({ "sub": 7 }), "malformed_claim"),
        (json!({ "client_id": ["web"] }), "malformed_claim"),
        (json!({ "username": 7 }), "malformed_claim"),
        (json!({ "token_type": ["Bearer"] }), "malformed_claim"),
        (json!({ "scope": 7 }), "malformed_claim"),
        (json!({ "scope": ["items:read"] }), "malformed_claim"),
        (json!({ "jti": 7 }), "malformed_claim"),
        (json!({ "token_use": "refresh_token" }), "wrong_type"),
        (json!({ "token_type": "refresh_token" }), "wrong_type"),
        (json!({ "typ": "Refresh" }), "wrong_type"),
        (json!({ "typ": "ID" }), "wrong_type"),
        (json!({ "token_introspection": {} }), "wrong_type"),
        (json!({ "events": {} }), "wrong_type"),
        (json!({ "cnf": { "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }), "bound_token"),
        (json!({ "cnf": {} }), "bound_token"),
        (json!({ "cnf": "key" }), "bound_token"),
        (json!({ "cnf": { "kid": "a" } }), "bound_token"),
    ];
    for (index, (members, code)) in cases.into_iter().enumerate() {
        let token = format!("opaque-{index}");
        println!("{members}");
        double.answer(&token, with(active(&served.url), members));
        app.refuses(&Call::get("/api/items").bearer(&token), 401, code).await;
    }
}

#[tokio::test]
async fn members_that_may_be_missing_or_unknown_do_not_matter() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    for (index, members) in [
        json!({}),
        json!({ "iss": null, "sub": null, "client_id": null, "username": null }),
        json!({ "token_type": null, "exp": null }),
        json!({ "unknown": [{ "deep": 1.5 }], "_x": false }),
        json!({ "aud": ["https://other.example.com", "https://api.example.com"] }),
        json!({ "exp": now() + 2, "nbf": now() - 10, "iat": now() - 10 }),
        json!({ "scope": "items:read unknown \"" }),
    ]
    .into_iter()
    .enumerate()
    {
        let token = format!("opaque-{index}");
        double.answer(&token, with(active(&served.url), members));
        app.grants(&Call::get("/api/items").bearer(&token)).await;
    }
    // The member `null` is absent for some products.
    let body = format!(
        r#"{{"active":true,"aud":"https://api.example.com","scope":"items:read","sub":null,"iss":null,"username":null,"client_id":null,"cnf":null,"exp":{}}}"#,
        now() + 60
    );
    double.answer("opaque-null", Reply::text("text/plain", body));
    app.grants(&Call::get("/api/items").bearer("opaque-null")).await;
}

#[tokio::test]
async fn the_identity_of_an_answer_is_that_of_a_token() {
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url).name("acme")).build().unwrap();
    double.answer("opaque", with(active(&served.url), json!({ "teams": ["a"], "iss": null })));
    let token = present(&server, "opaque").await.unwrap();
    assert_eq!(token.issuer(), served.url);
    assert_eq!(token.subject(), Some("alice"));
    assert_eq!(token.client(), Some("web"));
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["items:read", "items:write"]);
    assert_eq!(token.claim("teams"), Some(json!(["a"])));
    assert_eq!(token.claim("active"), None);
    assert!(token.expires_at().is_some());
    double.answer("endless", with(active(&served.url), json!({ "exp": null })));
    assert_eq!(present(&server, "endless").await.unwrap().expires_at(), None);
}

#[tokio::test]
async fn an_answer_without_audience_counts_only_if_the_client_is_the_audience() {
    let double = Double::default();
    let served = double.serve().await;
    let client = settings().endpoint(format!("{}/introspect", served.url)).audience_of_client();
    let issuer = Issuer::new(&served.url).introspection(client);
    let server = trusting(issuer).build().unwrap();
    double.answer("without", with(active(&served.url), json!({ "aud": null })));
    double.answer("other", with(active(&served.url), json!({ "aud": "https://b.example.com" })));
    double.answer("malformed", with(active(&served.url), json!({ "aud": 7 })));
    for _ in 0..2 {
        assert!(present(&server, "without").await.is_ok());
        assert_eq!(refused(&server, "other").await, RefusalKind::WrongAudience);
        assert_eq!(refused(&server, "malformed").await, RefusalKind::MalformedClaim);
    }
}

/// An issuer may say that a token is bound, and not to which key. Such a token is not a bearer token.
#[tokio::test]
async fn a_bound_token_without_its_key_is_refused() {
    let double = Double::default();
    let served = double.serve().await;
    let url = "https://api.example.com";
    let accepting = trusting(issuer(&served.url)).public_url(url).dpop(Dpop::new());
    for server in [trusting(issuer(&served.url)).build().unwrap(), accepting.build().unwrap()] {
        let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        for (index, cnf) in [Value::Null, json!({ "x5t#S256": thumbprint })].into_iter().enumerate()
        {
            for token_type in ["DPoP", "dpop"] {
                let token = format!("opaque-{index}-{token_type}");
                let members = json!({ "cnf": cnf, "token_type": token_type });
                double.answer(&token, with(active(&served.url), members));
                let error = present(&server, &token).await.unwrap_err();
                assert_eq!(error.kind(), RefusalKind::BoundToken);
                assert_eq!(error.claim(), Some("token_type"), "{cnf} {error}");
            }
        }
    }
}

/// In the mode `only` the server verifies no JWT. It reads `cnf` to refuse the token, not to trust it.
#[tokio::test]
async fn an_answer_that_leaves_the_binding_of_a_jwt_out_does_not_free_the_token() {
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url)).build().unwrap();
    let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    for (cnf, is_bound) in [
        (json!({ "jkt": thumbprint }), true),
        (json!({ "x5t#S256": thumbprint }), true),
        (json!({ "other": 1 }), true),
        (Value::Null, false),
    ] {
        let token = token(&served.url).claim("cnf", cnf.clone()).sign();
        double.answer(&token, active(&served.url));
        match present(&server, &token).await {
            Ok(_) => assert!(!is_bound, "{cnf}"),
            Err(error) => {
                assert!(is_bound, "{cnf}: {error}");
                assert_eq!(error.kind(), RefusalKind::BoundToken);
                assert!(error.rule().unwrap().contains("does not name its key"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_key_binding_beside_another_token_type_is_refused() {
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url)).build().unwrap();
    let cnf = json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" });
    for (index, (token_type, rule)) in [
        (json!("Bearer"), "`token_type` in the issuer's answer is not `DPoP`"),
        (json!("N_A"), "`token_type` in the issuer's answer is not `DPoP`"),
        (json!("dpop"), "the server does not accept them"),
        (json!("DPoP"), "the server does not accept them"),
        (Value::Null, "the server does not accept them"),
    ]
    .into_iter()
    .enumerate()
    {
        let token = format!("opaque-{index}");
        let members = json!({ "cnf": cnf, "token_type": token_type });
        double.answer(&token, with(active(&served.url), members));
        let error = present(&server, &token).await.unwrap_err();
        assert_eq!(error.kind(), RefusalKind::BoundToken);
        assert!(error.rule().unwrap().contains(rule), "{token_type}: {error}");
    }
}
