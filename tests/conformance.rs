//! Runs the public conformance cases over a raw socket.

use axum_protected::Issuer;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{Answer, App, Call, Reply, ScriptedIssuer, refused, trusting};
use serde::Deserialize;
use serde_json::Value;

/// The issuer of the tokens in the cases.
const ISSUER: &str = "http://127.0.0.1:9411";

#[derive(Deserialize)]
struct Case {
    id: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    status: Vec<u16>,
    error: Option<String>,
    why: String,
}

/// Returns a description of the difference between the expected and the actual response, or `None`
/// if they agree.
fn failure(case: &Case, answer: Option<&Answer>) -> Option<String> {
    let Some(answer) = answer else {
        // A server that refuses a long header may close the connection before the client has sent
        // it.
        return (!case.status.contains(&431)).then(|| "the connection was cut".to_owned());
    };
    if !case.status.contains(&answer.status) {
        return Some(format!("status {}", answer.status));
    }
    if answer.is_success() || answer.status == 431 {
        return None;
    }
    let document = answer.value();
    let Some(code) = document.get("code").and_then(Value::as_str) else {
        return Some(format!("the document {document}"));
    };
    let challenge = refused(answer, answer.status, code)?;
    let error = challenge.get("error");
    let matches = case.error.as_deref() == Some("*") || error == case.error.as_deref();
    (!matches).then(|| format!("error {error:?}"))
}

#[tokio::test]
async fn every_public_case_passes() {
    let issuer = ScriptedIssuer::silent().await;
    let jwks = include_str!("data/conformance/jwks.json");
    issuer.set(JWKS, Reply::text(200, jwks));
    let server = trusting(Issuer::new(ISSUER).jwks_uri(issuer.at(JWKS)));
    let app = App::serve(server.build().unwrap()).await;

    let mut failures = Vec::new();
    let mut cases = 0;
    for line in include_str!("data/conformance/public.jsonl").lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let call = Call::new(&case.method, &case.path).json(r#"{"name":"widget"}"#);
        let call = case
            .headers
            .iter()
            .fold(call, |call: Call, (name, value): &(String, String)| call.header(name, value));
        let calls = app.total_calls();
        let answer = call.try_send(app.address).await;
        let ran = app.total_calls() - calls;
        let granted = answer.as_ref().is_some_and(Answer::is_success);
        assert_eq!(ran, usize::from(granted), "{}: handler calls", case.id);
        if let Some(failure) = failure(&case, answer.as_ref()) {
            let expected = (&case.status, &case.error);
            failures.push(format!("{} ({}): {failure}, not {expected:?}", case.id, case.why));
        }
        cases += 1;
    }
    assert!(cases > 100, "only {cases} cases");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // The first load, five fetches for all unknown keys and bad signatures, and one more for each
    // 10 s of this test.
    assert!((2..=1 + 7).contains(&issuer.count(JWKS)), "{}", issuer.count(JWKS));
}
