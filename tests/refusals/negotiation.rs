//! Tests that the body of a refusal may depend on the method and the preferences of the client, and
//! on nothing else of the request.

use axum::response::{Html, IntoResponse, Response};
use axum_protected::Refusal;
use axum_protected_tests::{Call, refused};

use super::Bench;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Returns a page for browsers, and `None` for other clients.
fn page(refusal: &Refusal) -> Option<Response> {
    let accept = refusal.accept()?;
    let method = refusal.method()?;
    let language = refusal.accept_language().unwrap_or("none");
    accept.contains("text/html").then(|| {
        let headers = [("vary", "origin")];
        let page = format!("{method} {} {language} {accept}", refusal.code());
        (headers, Html(page)).into_response()
    })
}

async fn negotiating() -> Bench {
    Bench::configured(|builder| builder.refusal_body(page)).await
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_the_problem_document() {
    let bench = negotiating().await;
    let reader = bench.token().scope("items:read").sign();
    let expired = bench.token().expired().sign();
    let items = Call::get("/api/items");
    for (call, method, status, code) in [
        (items.clone(), "GET", 401, "missing_token"),
        (items.clone().bearer(&expired), "GET", 401, "expired_token"),
        (items.bearer("a b"), "GET", 400, "invalid_request"),
        (Call::post("/api/items").bearer(&reader), "POST", 403, "insufficient_scope"),
        (Call::get("/api/carol").bearer(&reader), "GET", 403, "denied"),
        (Call::get("/api/impossible").bearer(&reader), "GET", 500, "claims_type"),
    ] {
        let browser = call.clone().header("Accept", BROWSER).header("Accept-Language", "de, en");
        let answer = browser.send(bench.app.address).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.text(), format!("{method} {code} de, en {BROWSER}"));
        assert_eq!(answer.header("content-type").unwrap(), "text/html; charset=utf-8");
        assert_eq!(answer.all("vary"), ["origin", "accept, accept-language"]);
        assert_eq!(answer.header("cache-control").unwrap(), "no-store");

        for accept in [None, Some("application/json")] {
            let program = match accept {
                Some(accept) => call.clone().header("Accept", accept),
                None => call.clone(),
            };
            let answer = program.send(bench.app.address).await;
            refused(&answer, status, code);
            assert_eq!(answer.all("vary"), ["accept, accept-language"]);
        }
    }
}

#[tokio::test]
async fn odd_preferences_are_joined_or_ignored() {
    let bench = negotiating().await;
    let send = async |lines: &[&[u8]]| {
        let call = Call::get("/api/items");
        let call = lines.iter().fold(call, |call, line| call.header("Accept", line));
        call.send(bench.app.address).await
    };
    let doubled = send(&[b"text/html", b"*/*"]).await;
    assert_eq!(doubled.text(), "GET missing_token none text/html, */*");
    let huge = [b"text/html;".as_slice(), &[b'a'; 1024]].concat();
    let ignored: [&[&[u8]]; 4] = [&[b""], &[&huge], &[b"text/html", &huge], &[b"text/html;\xff"]];
    for lines in ignored {
        refused(&send(lines).await, 401, "missing_token");
    }
}

/// Without `refusal_body`, the response does not depend on the preferences.
#[tokio::test]
async fn without_a_body_of_the_application_nothing_varies() {
    let bench = Bench::start().await;
    let call = Call::get("/api/items").header("Accept", BROWSER);
    let answer = call.send(bench.app.address).await;
    refused(&answer, 401, "missing_token");
    assert_eq!(answer.header("vary"), None);
}
