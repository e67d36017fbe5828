//! Tests the sign-in page, and authorization requests that the server refuses before it shows the
//! page.

use super::test_client::{agree, authorize, posted, request, send};
use super::{BATCH, CALLBACK, server};

#[tokio::test]
async fn the_page_shows_the_request_and_runs_no_script() {
    let server = server().await;
    let page = authorize(&server, &[("scope", "items:read <b>&'")]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<code>page</code>"));
    assert!(page.body.contains("<code>items:read</code>"));
    assert!(page.body.contains("<code>&lt;b&gt;&amp;&#39;</code>"));
    assert!(!page.body.contains("<script") && !page.body.contains("<b>"));
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self' http://127.0.0.1:3000"
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    // RFC 9700 section 2.6: the authorization endpoint does not support CORS.
    let asked = request(&server, "GET", "/authorize").header("origin", "http://127.0.0.1:3000");
    assert_eq!(send(asked).await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn no_redirect_goes_to_an_unregistered_address() {
    let server = server().await;
    let cases = [
        ("client_id", ""),
        ("client_id", "<script>"),
        ("client_id", BATCH),
        ("redirect_uri", ""),
        ("redirect_uri", "http://127.0.0.1:3000/callback/"),
        ("redirect_uri", "http://127.0.0.1:3000/callback?x"),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", "javascript:alert(1)"),
    ];
    for case in cases {
        let answer = authorize(&server, &[case]).await;
        assert_eq!(answer.status, 400, "{case:?}");
        assert_eq!(answer.header("location"), "", "{case:?}");
        assert!(!answer.body.contains("<script") && !answer.body.contains("evil"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
    let twice = [("redirect_uri", CALLBACK), ("redirect_uri", "https://evil.example")];
    assert_eq!(authorize(&server, &twice).await.status, 400);
}

#[tokio::test]
async fn errors_of_the_client_are_sent_to_the_client() {
    let server = server().await;
    let cases = [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("scope", "items:admin", "invalid_scope"),
    ];
    for (name, value, error) in cases {
        let answer = authorize(&server, &[(name, value)]).await;
        assert_eq!(answer.status, 303, "{name}={value}");
        assert!(answer.header("location").starts_with(CALLBACK));
        assert_eq!(answer.redirect_parameter("error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(answer.redirect_parameter("state").as_deref(), Some("a&b=c d"));
        assert_eq!(answer.redirect_parameter("iss").as_deref(), Some(server.issuer()));
        assert_eq!(answer.redirect_parameter("code"), None);
    }
    let answer = authorize(&server, &[("state", "a"), ("state", "b")]).await;
    assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_request"));
    assert_eq!(answer.redirect_parameter("state"), None);
}

#[tokio::test]
async fn consent_requires_the_ticket_of_a_page() {
    let server = server().await;
    let cases: [&[(&str, &str)]; 4] = [
        &[],
        &[("subject", "bob")],
        &[("ticket", "guess"), ("subject", "bob")],
        &[("ticket", "guess"), ("ticket", "guess"), ("subject", "bob")],
    ];
    for pairs in cases {
        let answer = send(posted(&server, "/consent", pairs)).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{pairs:?}");
    }
    let page = authorize(&server, &[]).await;
    for subject in [String::new(), "a".repeat(256)] {
        assert_eq!(agree(&server, &page, &subject).await.status, 400);
    }
    assert_eq!(agree(&server, &page, &"a".repeat(255)).await.status, 303);
    let read = send(request(&server, "GET", "/consent")).await;
    assert_eq!(read.status, 405);
}
