//! Tests that a stream ends with the token that a cookie presented.

use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use axum_protected::__browser::set_session_cookie;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::server::WhileValid;
use axum_protected::{AccessToken, ResourceServer, protected};
use axum_protected_tests::token;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::Instant;
use tower::ServiceExt;

use super::request::request;
use super::session::{SESSION, Source, attach};
use super::{COOKIE, ISSUER, cookie, fixed};

const LIFETIME: Duration = Duration::from_secs(600);

type News = Result<Event, Infallible>;

#[protected]
async fn events(
    State(server): State<ResourceServer>,
    token: AccessToken,
) -> Sse<WhileValid<impl Stream<Item = News>>> {
    let first = stream::once(std::future::ready(Ok(Event::default().data("hello"))));
    Sse::new(server.while_valid(&token, first.chain(stream::pending())))
}

/// A wall clock that follows the clock of the runtime.
#[derive(Debug)]
struct RuntimeClock {
    began: SystemTime,
    since: Instant,
}

impl Clock for RuntimeClock {
    fn now(&self) -> SystemTime {
        self.began + self.since.elapsed()
    }
}

#[tokio::test(start_paused = true)]
async fn events_end_with_the_token_of_a_cookie_or_a_session() {
    for is_session in [false, true] {
        let (began, since) = (SystemClock.now(), Instant::now());
        let builder = fixed().token_cookie(COOKIE).clock(RuntimeClock { began, since });
        let server = builder.leeway(Duration::ZERO).build().unwrap();
        assert!(set_session_cookie(&server, SESSION));
        let text = token(ISSUER).expires_at(began + LIFETIME).sign();
        let value = if is_session { format!("{SESSION}=1") } else { cookie(&text) };
        let app: Router = Router::new().route("/events", get(events)).with_state(server);
        let app = attach(app, Source::new(move || Ok(text.clone())));
        let lines = [("cookie", value.as_str()), ("sec-fetch-site", "same-origin")];
        let open = || app.clone().oneshot(request("GET", "/events", &lines));
        let response = open().await.unwrap();
        assert_eq!(response.status(), 200);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body, "data: hello\n\n");
        let passed = since.elapsed();
        assert!(passed.abs_diff(LIFETIME) <= Duration::from_secs(1), "{passed:?}");
        assert_eq!(open().await.unwrap().status(), 401);
    }
}
