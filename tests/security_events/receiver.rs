//! The API under test: the routes of the receivers, and a route with a guard.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, ResourceServer, ResourceServerBuilder, protected};
use axum_protected_testing::{SecurityEventBuilder, TokenBuilder};
use tower::ServiceExt;

use super::Answer;

#[protected]
async fn me() {}

/// The API under test.
#[derive(Clone)]
pub(crate) struct Receiver(Router);

impl Receiver {
    pub(crate) fn of(builder: ResourceServerBuilder) -> Self {
        Self::of_server(builder.build().unwrap())
    }

    pub(crate) fn of_server(server: ResourceServer) -> Self {
        let routes = ProtectedRouter::new().route("/me", get(me)).merge(server.event_routes());
        Self(routes.with_state(server).into_router().unwrap())
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.0.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let body = String::from_utf8(body).unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Sends a logout token as an issuer does.
    pub(crate) async fn log_out(&self, token: TokenBuilder) -> Answer {
        self.log_out_with(&token.sign()).await
    }

    pub(crate) async fn log_out_with(&self, token: &str) -> Answer {
        self.post_form(format!("logout_token={token}")).await
    }

    pub(crate) async fn post_form(&self, form: impl Into<Body>) -> Answer {
        let request = Request::post("/backchannel-logout")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into());
        self.send(request.unwrap()).await
    }

    /// Pushes an event as a transmitter does.
    pub(crate) async fn push(&self, event: SecurityEventBuilder) -> Answer {
        self.push_text(event.sign()).await
    }

    pub(crate) async fn push_text(&self, text: impl Into<Body>) -> Answer {
        self.push_with(&[], text).await
    }

    /// Pushes a text with these lines of `Authorization`.
    pub(crate) async fn push_with(&self, authorization: &[&str], text: impl Into<Body>) -> Answer {
        let mut request = Request::post("/security-events")
            .header("content-type", "application/secevent+jwt")
            .header("accept", "application/json");
        for line in authorization {
            request = request.header("authorization", *line);
        }
        self.send(request.body(text.into()).unwrap()).await
    }

    /// Returns `accepted`, or the code with which the API refuses the token.
    pub(crate) async fn judge(&self, token: TokenBuilder) -> String {
        self.judge_text(&token.sign()).await
    }

    pub(crate) async fn judge_text(&self, token: &str) -> String {
        let request = Request::get("/me").header("authorization", format!("Bearer {token}"));
        let answer = self.send(request.body(Body::empty()).unwrap()).await;
        match answer.status {
            200 => "accepted".to_owned(),
            _ => answer.json()["code"].as_str().unwrap_or("without code").to_owned(),
        }
    }
}
