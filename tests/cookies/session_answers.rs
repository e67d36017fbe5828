//! Tests sessions that have ended, cannot be read, do not answer or panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use axum_protected::__browser::{SessionError, SessionFuture, SessionSource};
use axum_protected::{AccessToken, Claims, Refusal};
use axum_protected_tests::{Log, bounded, refused};
use tokio::time::Instant;

use super::api::{API, Api, Caller};
use super::good;
use super::request::{Line, request, send};
use super::session::{Source, attach, session_server};

const LINES: [Line<'static>; 2] =
    [("cookie", "__Host-session=1"), ("sec-fetch-site", "same-origin")];

fn app(answer: Result<String, SessionError>) -> (Api, Router) {
    let api = Api::new(session_server());
    let source = Source::new(move || answer.clone());
    let app = attach(api.router.clone(), source);
    (api, app)
}

#[tokio::test]
async fn an_ended_session_asks_for_a_sign_in() {
    let (api, app) = app(Err(SessionError::Ended));
    for path in API.into_iter().chain(["/page"]) {
        let answer = send(&app, request("GET", path, &LINES)).await;
        let challenge = refused(&answer, 401, "session_ended").unwrap();
        assert_eq!(challenge.get("error"), Some("invalid_token"));
    }
    assert_eq!(api.calls(), 0);
    // Where a token is optional, the user is nobody again.
    for path in ["/optional", "/optional-claims", "/public-page"] {
        assert_eq!(send(&app, request("GET", path, &LINES)).await.text(), "nobody");
    }
}

#[tokio::test]
async fn an_unavailable_session_is_not_an_ended_one() {
    let (log, _guard) = Log::open();
    let (api, app) = app(Err(SessionError::Unavailable));
    for path in API.into_iter().chain(["/page", "/optional", "/optional-claims"]) {
        let answer = send(&app, request("GET", path, &LINES)).await;
        refused(&answer, 503, "session_unavailable");
        assert_eq!(answer.header("retry-after").as_deref(), Some("5"));
    }
    assert_eq!(api.calls(), 0);
    assert!(log.text().contains("the session cannot be read"));
}

#[derive(Clone)]
struct Hanging;

impl SessionSource for Hanging {
    fn access_token(&self) -> SessionFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_does_not_answer_is_unavailable() {
    let api = Api::new(session_server());
    let app = attach(api.router.clone(), Hanging);
    for path in ["/items", "/all", "/bare", "/layer", "/page"] {
        let start = Instant::now();
        let sending = send(&app, request("GET", path, &LINES));
        let answer = bounded("a refusal", sending).await;
        refused(&answer, 503, "session_unavailable");
        assert!(start.elapsed() < Duration::from_secs(31), "{:?}", start.elapsed());
    }
    assert_eq!(api.calls(), 0);
}

async fn several_readers(
    token: Result<AccessToken, Refusal>,
    claims: Result<Claims<Caller>, Refusal>,
) -> String {
    format!("{} {}", token.is_ok(), claims.is_ok())
}

/// All readers of a request wait together, so that a request cannot wait once for each of them.
#[tokio::test(start_paused = true)]
async fn a_session_that_does_not_answer_is_asked_once() {
    let api = Api::new(session_server());
    let readers = Router::new().route("/several", get(several_readers));
    let source = CountedHanging::default();
    let all = api.router.clone().merge(readers.with_state(session_server()));
    let app = attach(all, source.clone());
    for (path, status) in
        [("/optional", 503), ("/optional-claims", 503), ("/all", 503), ("/several", 200)]
    {
        let start = Instant::now();
        let answer = bounded("an answer", send(&app, request("GET", path, &LINES))).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(start.elapsed() < Duration::from_secs(31), "{path} {:?}", start.elapsed());
        assert_eq!(source.0.swap(0, Ordering::Relaxed), 1, "{path}");
    }
    assert_eq!(api.calls(), 0);
}

/// A source that never answers and counts the questions.
#[derive(Clone, Default)]
struct CountedHanging(Arc<AtomicUsize>);

impl SessionSource for CountedHanging {
    fn access_token(&self) -> SessionFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::pending())
    }
}

/// The panic ends the request before a handler runs, and the next request is served.
#[tokio::test]
async fn a_session_that_panics_admits_nobody() {
    let api = Api::new(session_server());
    let source = Source::new(|| panic!("a source that panics"));
    let app = attach(api.router.clone(), source);
    for path in ["/items", "/optional", "/page"] {
        let app = app.clone();
        let sending =
            tokio::spawn(async move { send(&app, request("GET", path, &LINES)).await.status });
        assert!(sending.await.unwrap_err().is_panic(), "{path}");
    }
    assert_eq!(api.calls(), 0);
    let healthy = attach(api.router.clone(), Source::new(|| Ok(good())));
    assert_eq!(send(&healthy, request("GET", "/items", &LINES)).await.status, 200);
}

/// A browser that ends its request while the session is asked does not disturb other requests.
#[tokio::test(start_paused = true)]
async fn an_aborted_request_leaves_nothing_behind() {
    let api = Api::new(session_server());
    let app = attach(api.router.clone(), Hanging);
    let sending = tokio::spawn({
        let app = app.clone();
        async move { send(&app, request("GET", "/items", &LINES)).await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    let bearer = format!("Bearer {}", good());
    let answer = send(&app, request("GET", "/items", &[("authorization", &bearer)])).await;
    assert_eq!((answer.status, api.calls()), (200, 1));
}
