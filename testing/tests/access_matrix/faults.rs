//! Incorrect applications, each with one fault that the access matrix must find.

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum_protected::routing::get;
use axum_protected::{AccessToken, check, protected, public};

use crate::api::{Api, Routes};
use crate::layers::{answering, changing_refusals, imitation, rebuilding};

#[protected(scope = "a")]
async fn list() {}

#[protected(scope = "b")]
async fn other() {}

#[protected]
async fn any_token() {}

#[public(reason = "a test")]
async fn open() {}

#[check]
async fn is_alice(caller: AccessToken) -> bool {
    caller.subject() == Some("alice")
}

#[protected(check = is_alice)]
async fn of_alice() {}

const KINDS: [(&str, &str); 7] = [
    ("no token", "missing_token"),
    ("garbage", "malformed_token"),
    ("an expired token", "expired_token"),
    ("another issuer", "unknown_issuer"),
    ("another audience", "wrong_audience"),
    ("another type", "wrong_type"),
    ("the token in the query", "missing_token"),
];

/// Returns the failures of a route whose guard refuses nothing.
fn seven(path: &str, response: &str, rest: &str) -> Vec<String> {
    let failure =
        |(name, code)| format!("{path}, {name}: {response} instead of the refusal `{code}`{rest}");
    KINDS.into_iter().map(failure).collect()
}

const UNMARKED: &str = ": a handler or a layer responded, or a layer replaced the guard's response \
                        without its extensions";

#[tokio::test]
async fn a_route_without_guard_or_with_less_is_found() {
    let api = || Api::of(Routes::new().route("/", get(list)));
    let open = Router::new().route("/", any(|| async {}));
    let mut expected = seven("GET /", "200", "");
    expected.push("GET /, without `a`: 200 instead of the refusal `insufficient_scope`".into());
    assert_eq!(api().await.replaced_by(open).failures().await, expected);

    let mut less = api().await;
    less.table = Routes::new().route("/", get(other)).access_table().clone();
    assert_eq!(
        less.failures().await,
        ["GET /, exactly enough: 403 (`insufficient_scope`), though it is enough"]
    );
    let mut less = Api::of(Routes::new().route("/", get(any_token))).await;
    less.table = api().await.table;
    assert_eq!(
        less.failures().await,
        ["GET /, without `a`: 200 instead of the refusal `insufficient_scope`"]
    );
    let gone = Router::new().route("/elsewhere", any(|| async {}));
    assert_eq!(api().await.replaced_by(gone).failures().await, ["GET / is not in the app"]);
}

/// Answers to a bad token like a guard for the policy `a`, as far as a client can see.
async fn imitated_guard(request: Request) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match header {
        None => imitation(StatusCode::UNAUTHORIZED, "missing_token"),
        Some(header) if header.len() < 100 => {
            imitation(StatusCode::UNAUTHORIZED, "malformed_token")
        }
        Some(_) => imitation(StatusCode::FORBIDDEN, "insufficient_scope"),
    }
}

#[tokio::test]
async fn a_handler_that_imitates_refusals_is_found() {
    let api = Api::of(Routes::new().route("/", get(list))).await;
    let api = api.replaced_by(Router::new().route("/", any(imitated_guard)));
    let failures = api.failures().await;
    assert_eq!(failures.len(), 8, "{failures:#?}");
    assert_eq!(
        failures[0],
        format!(
            "GET /, no token: 401 without the mark of the guard instead of the refusal \
             `missing_token`{UNMARKED}"
        )
    );
}

#[tokio::test]
async fn a_route_without_guard_that_answers_401_itself_is_found() {
    let naked =
        || Router::new().route("/", any(|| async { imitation(StatusCode::UNAUTHORIZED, "x") }));
    for routes in
        [Routes::new().route("/", get(of_alice)), Routes::new().route("/", get(any_token))]
    {
        let api = Api::of(routes).await.replaced_by(naked());
        assert_eq!(
            api.failures().await,
            seven("GET /", "401 without the mark of the guard", UNMARKED)
        );
    }
}

#[tokio::test]
async fn a_layer_that_answers_before_the_guard_is_found() {
    type Answer = fn() -> Response;
    let answers: [(Answer, &str, &str); 5] = [
        (|| imitation(StatusCode::FORBIDDEN, "x"), "403 without the mark of the guard", UNMARKED),
        (|| StatusCode::BAD_REQUEST.into_response(), "400 without the mark of the guard", UNMARKED),
        (|| StatusCode::TOO_MANY_REQUESTS.into_response(), "429", ""),
        (|| StatusCode::PERMANENT_REDIRECT.into_response(), "308", ""),
        (|| StatusCode::OK.into_response(), "200", ""),
    ];
    for (answer, response, rest) in answers {
        let api = Api::of(Routes::new().route("/", get(of_alice))).await;
        let api = api.layered(|app| answering(app, answer));
        assert_eq!(api.failures().await, seven("GET /", response, rest));
    }
}

#[tokio::test]
async fn a_layer_that_hides_or_loses_refusals_is_found() {
    let api = Api::of(Routes::new().route("/", get(any_token))).await;
    let api = api
        .layered(|app| changing_refusals(app, |response| *response.status_mut() = StatusCode::OK));
    let expected = KINDS.map(|(name, code)| {
        format!("GET /, {name}: the refusal `{code}` reaches the client as 200")
    });
    assert_eq!(api.failures().await, expected);

    let api = Api::of(Routes::new().route("/", get(any_token))).await.layered(rebuilding);
    assert_eq!(api.failures().await, seven("GET /", "401 without the mark of the guard", UNMARKED));
}

#[tokio::test]
async fn a_refusal_for_another_reason_than_the_defect_is_found() {
    let api = Api::with(
        |server| server.audience("https://other.example.com"),
        Routes::new().route("/", get(of_alice)),
    )
    .await;
    api.report().await;
    let matrix = api.issuer.access_matrix(&api.app, &api.table).audience("elsewhere");
    assert_eq!(
        crate::api::failures(matrix.await),
        ["GET /, an expired token: 401 (`wrong_audience`) instead of the refusal `expired_token`"]
    );
}

#[tokio::test]
async fn a_guard_on_a_public_route_is_found() {
    let mut api = Api::of(Routes::new().route("/", get(any_token))).await;
    api.table = Routes::new().route("/", get(open)).access_table().clone();
    assert_eq!(
        api.failures().await,
        ["GET /, no token: 401 (`missing_token`), though it is enough"]
    );
}

#[protected(scope = "a")]
async fn broken() {
    panic!("no database");
}

#[tokio::test]
async fn a_panic_before_the_guard_is_found() {
    let api = Api::of(Routes::new().route("/", get(broken))).await;
    let api = api.layered(|app| answering(app, || panic!("no database")));
    let failures = api.failures().await;
    assert_eq!(failures[0], "GET /, no token: a panic, instead of the refusal `missing_token`");
    assert_eq!(failures.len(), 8, "{failures:#?}");
}
