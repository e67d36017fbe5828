//! The result of one request: a response, a panic, or no response in time.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum_protected::__testing::refusal_kind;
use axum_protected::RefusalKind;

use super::call;

pub(super) enum Outcome {
    Response {
        status: StatusCode,
        /// The kind of the refusal, if the response is a refusal by the guard.
        refusal: Option<RefusalKind>,
    },
    Panic,
    Timeout(Duration),
}

impl Outcome {
    /// Sends the request to the app.
    pub(super) async fn of(app: &Router, request: Request<Body>, timeout: Duration) -> Self {
        let mut response = Box::pin(call(app, request));
        // A panic of a handler must not end the test before the other routes are tried.
        let without_panic = std::future::poll_fn(|context| {
            catch_unwind(AssertUnwindSafe(|| response.as_mut().poll(context)))
                .map_or(Poll::Ready(None), |poll| poll.map(Some))
        });
        match tokio::time::timeout(timeout, without_panic).await {
            Ok(Some(response)) => {
                Self::Response { status: response.status(), refusal: refusal_kind(&response) }
            }
            Ok(None) => Self::Panic,
            Err(_) => Self::Timeout(timeout),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response { status, .. } => write!(formatter, "{}", status.as_u16()),
            Self::Panic => formatter.write_str("a panic"),
            Self::Timeout(timeout) => write!(formatter, "no response within {timeout:?}"),
        }
    }
}
