//! Tests when a session is asked for its token, with a source that counts the questions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn};
use axum_protected::__browser::{
    SessionError, SessionFuture, SessionSource, SessionToken, set_session_cookie,
};
use axum_protected::ResourceServer;
use axum_protected_tests::{Log, token};

use super::api::{API, Api};
use super::origin::{ROWS, Verdict};
use super::request::{Line, code, request, request_from, send};
use super::{COOKIE, ISSUER, cookie, fixed, good};

/// The text that a source returns, and the number of questions.
#[derive(Clone)]
pub(crate) struct Source {
    answer: Arc<dyn Fn() -> Result<String, SessionError> + Send + Sync>,
    questions: Arc<AtomicUsize>,
}

impl Source {
    pub(crate) fn new(
        answer: impl Fn() -> Result<String, SessionError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Arc::new(answer), questions: Arc::default() }
    }

    pub(crate) fn questions(&self) -> usize {
        self.questions.load(Ordering::Relaxed)
    }
}

impl SessionSource for Source {
    fn access_token(&self) -> SessionFuture<'_> {
        self.questions.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {
            // A source is asynchronous: it reads a store.
            tokio::task::yield_now().await;
            let text = (self.answer)()?;
            let mut value = HeaderValue::from_str(&text).unwrap();
            value.set_sensitive(true);
            Ok(value)
        })
    }
}

pub(crate) const SESSION: &str = "__Host-session";

/// The header by which a test says that the request has a session.
const HAS_SESSION: Line<'static> = ("cookie", "__Host-session=1");
const SAME_ORIGIN: Line<'static> = ("sec-fetch-site", "same-origin");
const CROSS_SITE: Line<'static> = ("sec-fetch-site", "cross-site");

pub(crate) fn session_server() -> ResourceServer {
    with_session(fixed().build().unwrap())
}

fn with_session(server: ResourceServer) -> ResourceServer {
    assert!(set_session_cookie(&server, SESSION));
    server
}

/// Attaches the session to the requests with its cookie, as the backend for browsers does.
pub(crate) fn attach(app: Router, source: impl SessionSource + Clone + 'static) -> Router {
    app.layer(from_fn(move |mut request: Request, next: Next| {
        let source = source.clone();
        async move {
            let cookies = request.headers().get_all("cookie").iter();
            let sessions = cookies.filter(|line| line.as_bytes().starts_with(SESSION.as_bytes()));
            match sessions.count() {
                0 => {}
                1 => SessionToken::attach(request.extensions_mut(), source),
                _ => SessionToken::attach_several(request.extensions_mut()),
            }
            next.run(request).await
        }
    }))
}

struct Bench {
    api: Api,
    app: Router,
    source: Source,
}

impl Bench {
    fn new(server: ResourceServer, source: Source) -> Self {
        let api = Api::new(server);
        let app = attach(api.router.clone(), source.clone());
        Self { api, app, source }
    }

    fn good() -> Self {
        Self::new(session_server(), Source::new(|| Ok(good())))
    }

    /// Sends a request, and checks its verdict and the number of questions that it causes.
    async fn check(&self, request: Request, expected: Option<&str>, questions: usize) {
        let what = format!("{} {} {:?}", request.method(), request.uri(), request.headers());
        let (calls, before) = (self.api.calls(), self.source.questions());
        let code = code(&self.app, request).await;
        assert_eq!(code.as_deref(), expected, "{what}");
        assert_eq!(self.api.calls() - calls, usize::from(expected.is_none()), "{what}");
        assert_eq!(self.source.questions() - before, questions, "{what}");
    }
}

#[tokio::test]
async fn a_session_is_asked_once_for_all_guards_and_arguments() {
    for bytes in [0, 1 << 20] {
        let server = fixed().verified_token_bytes(bytes).build().unwrap();
        let bench = Bench::new(with_session(server), Source::new(|| Ok(good())));
        for _ in 0..2 {
            for path in API.into_iter().chain([
                "/page",
                "/page-layer",
                "/behind-page/page",
                "/behind-page/items",
                "/behind-page/optional",
                "/behind-api/page",
                "/optional",
                "/optional-claims",
                "/public-page",
            ]) {
                let request = request("GET", path, &[HAS_SESSION, SAME_ORIGIN]);
                bench.check(request, None, 1).await;
            }
        }
    }
}

#[tokio::test]
async fn a_session_is_not_asked_without_need() {
    let bench = Bench::good();
    // No guard reads a token, and no route matches.
    let lost = request("GET", "/lost", &[HAS_SESSION, SAME_ORIGIN]);
    assert_eq!(send(&bench.app, lost).await.status, 404);
    assert_eq!(bench.source.questions(), 0);
    // The request has no session.
    bench.check(request("GET", "/items", &[SAME_ORIGIN]), Some("missing_token"), 0).await;
    let bearer = format!("Bearer {}", good());
    let header = ("authorization", bearer.as_str());
    bench.check(request("GET", "/items", &[header, CROSS_SITE]), None, 0).await;
    // The request is refused before.
    for other in [header, ("authorization", "Basic YTpi"), ("authorization", "")] {
        let lines = [HAS_SESSION, SAME_ORIGIN, other];
        bench.check(request("GET", "/items", &lines), Some("invalid_request"), 0).await;
    }
    let lines = [HAS_SESSION, SAME_ORIGIN];
    let request_over_http = request_from("192.0.2.1", "/items", &lines);
    bench.check(request_over_http, Some("insecure_transport"), 0).await;
    let several = request("GET", "/items", &[HAS_SESSION, HAS_SESSION, SAME_ORIGIN]);
    bench.check(several, Some("invalid_request"), 0).await;
}

/// The rows of a cookie with a token hold for the cookie of a session, and a request that is refused
/// by them does not reach the session.
#[tokio::test]
async fn the_same_evidence_is_needed_for_a_session() {
    let bench = Bench::good();
    for (_, method, lines, verdict) in ROWS {
        for (path, is_page) in
            [("/items", false), ("/all", false), ("/bare", false), ("/page", true)]
        {
            let request = request(method, path, &[lines, &[HAS_SESSION][..]].concat());
            let is_admitted =
                *verdict == Verdict::Admitted || (*verdict == Verdict::Page && is_page);
            let refused = if *method == "HEAD" { "403" } else { "cross_site_request" };
            let expected = (!is_admitted).then_some(refused);
            bench.check(request, expected, usize::from(is_admitted)).await;
        }
    }
    for path in ["/optional", "/optional-claims"] {
        let cross_site = request("GET", path, &[HAS_SESSION, CROSS_SITE]);
        bench.check(cross_site, None, 0).await;
    }
}

/// Both kinds of cookies beside each other are two credentials.
#[tokio::test]
async fn a_session_and_a_token_in_a_cookie_are_two() {
    let server = with_session(fixed().token_cookie(COOKIE).build().unwrap());
    let bench = Bench::new(server, Source::new(|| Ok(good())));
    let token = cookie(&good());
    let in_cookie = ("cookie", token.as_str());
    bench.check(request("GET", "/items", &[in_cookie, SAME_ORIGIN]), None, 0).await;
    bench.check(request("GET", "/items", &[HAS_SESSION, SAME_ORIGIN]), None, 1).await;
    let both = request("GET", "/items", &[in_cookie, HAS_SESSION, SAME_ORIGIN]);
    bench.check(both, Some("invalid_request"), 0).await;
}

/// Only a server that has a session cookie accepts the token of a session.
#[tokio::test]
async fn a_server_without_sessions_ignores_them() {
    for server in [fixed().build().unwrap(), fixed().token_cookie(COOKIE).build().unwrap()] {
        let bench = Bench::new(server, Source::new(|| Ok(good())));
        let request = request("GET", "/items", &[HAS_SESSION, SAME_ORIGIN]);
        bench.check(request, Some("missing_token"), 0).await;
    }
}

#[test]
fn a_server_has_one_session_cookie() {
    let server = session_server();
    assert!(!set_session_cookie(&server, "__Host-other"));
    let other = server.for_resource("https://api.example.com/other").unwrap();
    assert!(!set_session_cookie(&other, "__Host-other"));
}

/// The token of a session is verified like any other.
#[tokio::test]
async fn the_token_of_a_session_is_verified() {
    let valid = || token(ISSUER).subject("alice").scope("items:read");
    for (text, expected) in [
        (valid().expired().sign(), "expired_token"),
        (valid().scope("items:write").sign(), "insufficient_scope"),
        (valid().claim("aud", "x").sign(), "wrong_audience"),
        ("abc".to_owned(), "malformed_token"),
        ("a b".to_owned(), "invalid_request"),
        (String::new(), "invalid_request"),
        ("a".repeat(16 * 1024 + 1), "invalid_request"),
    ] {
        let bench = Bench::new(session_server(), Source::new(move || Ok(text.clone())));
        for path in ["/items", "/page", "/layer"] {
            let request = request("GET", path, &[HAS_SESSION, SAME_ORIGIN]);
            bench.check(request, Some(expected), 1).await;
        }
    }
}

#[tokio::test]
async fn a_token_says_that_it_came_from_a_session() {
    let bench = Bench::good();
    for _ in 0..2 {
        let session = request("GET", "/bare", &[HAS_SESSION, SAME_ORIGIN]);
        assert_eq!(send(&bench.app, session).await.text(), "Session");
    }
}

/// A handler and the log see neither the token of a session nor the text of a cookie.
#[tokio::test]
async fn nothing_shows_the_token_of_a_session() {
    let (log, _guard) = Log::open();
    let bench = Bench::good();
    let session = request("GET", "/extensions", &[HAS_SESSION, SAME_ORIGIN]);
    let extensions = send(&bench.app, session).await.text();
    let mut attached = axum::http::Extensions::new();
    SessionToken::attach(&mut attached, Source::new(|| Ok(good())));
    let debug = format!("{:?}", attached.get::<SessionToken>().unwrap());
    assert_eq!(debug, "SessionToken { .. }");
    for text in [extensions, debug, log.text()] {
        for part in good().split('.').skip(1) {
            assert!(!text.contains(part), "{text}");
        }
    }
}

/// The response to a session is private, as that to a token in a cookie.
#[tokio::test]
async fn a_response_to_a_session_is_private() {
    let bench = Bench::good();
    for path in ["/items", "/page", "/optional"] {
        let session = request("GET", path, &[HAS_SESSION, SAME_ORIGIN]);
        let answer = send(&bench.app, session).await;
        assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"), "{path}");
        let plain = request("GET", "/optional", &[SAME_ORIGIN]);
        assert_eq!(send(&bench.app, plain).await.header("cache-control"), None);
    }
}
