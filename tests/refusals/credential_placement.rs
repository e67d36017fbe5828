//! Tests the place of the credential in a request.

use axum_protected_tests::{Answer, Call, Connection, refused};

use super::Bench;

#[tokio::test]
async fn one_bearer_credential_in_the_header_and_nothing_else() {
    let bench = Bench::start().await;
    let good = bench.good();
    let items = |value: &str| Call::get("/api/items").header("Authorization", value);
    for prefix in ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer  ", "Bearer     "] {
        bench.app.grants(&items(&format!("{prefix}{good}"))).await;
    }
    let call = Call::get("/api/items").header("authorization", format!("Bearer {good}"));
    bench.app.grants(&call).await;

    let dotted = good.replacen('.', "%2E", 1);
    let malformed = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
        format!("Bearer\t{good}"),
        format!("Bearer \t{good}"),
        format!("Bearer:{good}"),
        format!("Bearer: {good}"),
        format!("Bearer={good}"),
        format!("Bearer \"{good}\""),
        format!("Bearer '{good}'"),
        format!("Bearer {good},"),
        format!("Bearer {good}, Bearer {good}"),
        format!("Bearer {good} {good}"),
        format!("Bearer {good} realm=\"api\""),
        format!("Bearer token={good}"),
        format!("Bearer {dotted}"),
        format!("Bearer {good}\u{e4}"),
        format!("Bearer\u{a0}{good}"),
        format!("Bearer ={good}"),
        format!("Bearer {{\"token\":\"{good}\"}}"),
        format!("Bearer, {good}"),
    ];
    for value in malformed {
        bench.app.refuses(&items(&value), 400, "invalid_request").await;
    }
    let other_scheme = [
        "Basic dXNlcjpwYXNz".to_owned(),
        "Negotiate".to_owned(),
        "Digest username=\"a\"".to_owned(),
        format!("DPoP {good}"),
        format!("Token {good}"),
        format!("Bearer{good}"),
        good.clone(),
    ];
    for value in other_scheme {
        bench.app.refuses(&items(&value), 401, "missing_token").await;
    }
    // Each of these credentials is valid by RFC 6750, but has a character that a JWT cannot
    // contain. The server refuses it as a malformed token.
    for value in [format!("Bearer {good}="), format!("Bearer {good}~")] {
        bench.app.refuses(&items(&value), 401, "malformed_token").await;
    }
}

#[tokio::test]
async fn two_authorization_lines_are_refused_in_every_combination() {
    let bench = Bench::start().await;
    let good = format!("Bearer {}", bench.good());
    let lines = [good.as_str(), "Bearer garbage", "Basic dXNlcjpwYXNz", "DPoP abc", "Bearer", ""];
    for path in ["/api/items", "/api/me", "/api/optional", "/api/caller"] {
        for first in lines {
            for second in lines {
                let call = Call::get(path)
                    .header("Authorization", first)
                    .header("X-Between", "lines")
                    .header("authorization", second);
                bench.app.refuses(&call, 400, "invalid_request").await;
            }
        }
        let call = Call::get(path).header("Authorization", &good);
        bench.app.grants(&call).await;
    }
}

#[tokio::test]
async fn a_token_outside_of_the_header_is_ignored() {
    let bench = Bench::start().await;
    let good = bench.good();
    let query = format!("/api/items?access_token={good}");
    let cookie = format!("access_token={good}; Authorization=Bearer {good}");
    let form = format!("access_token={good}");
    let elsewhere = [
        Call::get(&query),
        Call::get("/api/items").header("Cookie", &cookie),
        Call::get("/api/items").header("X-Forwarded-Access-Token", &good),
        Call::get("/api/items").header("X-Authorization", format!("Bearer {good}")),
        Call::get("/api/items").header("Proxy-Authorization", format!("Bearer {good}")),
        Call::post("/api/items").header("X-HTTP-Method-Override", "GET"),
        Call::new("POST", "/api/items")
            .json(&form)
            .header("Content-Type", "application/x-www-form-urlencoded"),
    ];
    for call in elsewhere {
        bench.app.refuses(&call, 401, "missing_token").await;
    }
    // If the header has a valid token, `access_token` in the query is an ordinary parameter of the
    // application.
    for target in [&query, "/api/items?access_token=x&access_token=y"] {
        bench.app.grants(&Call::get(target).bearer(&good)).await;
        let call = Call::get(target).bearer("x");
        bench.app.refuses(&call, 401, "malformed_token").await;
    }
}

#[tokio::test]
async fn the_method_and_proxy_headers_change_nothing() {
    let bench = Bench::start().await;
    let good = bench.good();
    let expired = bench.token().expired().sign();
    let seen = |answer: &Answer| (answer.status, answer.header("www-authenticate"));
    let plain = Call::get("/api/me").send(bench.app.address).await;
    let late = Call::get("/api/me").bearer(&expired).send(bench.app.address).await;
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"] {
        let call = Call::new(method, "/api/me");
        bench.app.grants(&call.clone().bearer(&good)).await;
        let answer = call.send(bench.app.address).await;
        refused(&answer, 401, "missing_token");
        assert_eq!(seen(&answer), seen(&plain), "{method}");
        let answer = call.bearer(&expired).send(bench.app.address).await;
        refused(&answer, 401, "expired_token");
        assert_eq!(seen(&answer), seen(&late), "{method}");
    }
    let spoofed = Call::get("/api/me")
        .header("Forwarded", "for=127.0.0.1;host=evil.example;proto=https")
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-User", "alice")
        .header("X-Original-URL", "/health")
        .header("Cookie", "session=1");
    let answer = spoofed.send(bench.app.address).await;
    refused(&answer, 401, "missing_token");
    assert_eq!(answer.undated_headers(), plain.undated_headers());
    assert_eq!(answer.body, plain.body);
}

#[tokio::test]
async fn a_header_of_a_mebibyte_is_refused() {
    let bench = Bench::start().await;
    let huge = "a".repeat(1 << 20);
    for path in ["/api/items", "/api/optional"] {
        for length in [16 * 1024 + 1, 100_000, huge.len()] {
            let call = Call::get(path).bearer(huge.get(..length).unwrap());
            let before = bench.app.total_calls();
            match call.try_send(bench.app.address).await {
                None => assert_eq!(length, huge.len(), "the connection was cut"),
                Some(answer) if answer.status == 400 => {
                    refused(&answer, 400, "invalid_request");
                }
                Some(answer) => assert_eq!((answer.status, length), (431, huge.len())),
            }
            assert_eq!(bench.app.total_calls(), before);
        }
        let call = Call::get(path).bearer(huge.get(..16 * 1024).unwrap());
        bench.app.refuses(&call, 401, "malformed_token").await;
        bench.app.grants(&Call::get(path).bearer(&bench.good())).await;
    }
}

#[tokio::test]
async fn the_refusal_does_not_wait_for_the_body() {
    let bench = Bench::start().await;
    let good = bench.good();
    let expired = bench.token().expired().sign();
    let reader = bench.token().scope("items:read").sign();
    let body = format!("{{\"name\":\"{}\"}}", "w".repeat(50_000));
    let call = || Call::new("POST", "/api/items").json(&body);
    for (call, status, code) in [
        (call(), 401, "missing_token"),
        (call().bearer(&expired), 401, "expired_token"),
        (call().bearer(&reader), 403, "insufficient_scope"),
        (call().bearer("a b"), 400, "invalid_request"),
    ] {
        let mut connection = Connection::open(bench.app.address).await;
        connection.write(&call.head()).await.unwrap();
        let answer = connection.answer("POST").await.unwrap();
        refused(&answer, status, code);
    }
    assert_eq!(bench.app.total_calls(), 0);
    bench.app.grants(&call().bearer(&good)).await;
    // The guard runs before the extractor of the body: the server refuses an invalid token even if
    // the body is invalid too.
    let broken = Call::new("POST", "/api/items").json("{");
    bench.app.refuses(&broken, 401, "missing_token").await;
}

#[tokio::test]
async fn a_decision_does_not_carry_over_to_the_next_request() {
    let bench = Bench::start().await;
    let as_subject = |name: &str| Call::get("/api/me").bearer(&bench.token().subject(name).sign());
    let mut connection = Connection::open(bench.app.address).await;
    let expired = Call::get("/api/me").bearer(&bench.token().expired().sign());
    for round in 0..3 {
        for name in ["alice", "bob"] {
            let answer = connection.call(&as_subject(name)).await.unwrap();
            assert_eq!((answer.status, answer.text()), (200, name.to_owned()));
            let answer = connection.call(&Call::get("/api/me")).await.unwrap();
            refused(&answer, 401, "missing_token");
        }
        let answer = connection.call(&expired).await.unwrap();
        refused(&answer, 401, "expired_token");
        assert_eq!(bench.app.calls("me"), 2 * (round + 1));
    }
}
