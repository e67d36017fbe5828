//! A running instance of the program, and the requests to it.

use std::time::{Duration, UNIX_EPOCH};

use axum_protected::clock::{Clock, SystemClock};
use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::PROGRAM;
use super::program::Running;

/// An instance of the program with a configuration of its own.
pub(super) struct Instance {
    _running: Running,
    origin: String,
}

impl Instance {
    /// Starts an instance with these variables.
    pub(super) fn start(variables: &[(&str, &str)]) -> Self {
        let variables = [&[("RUST_LOG", "off")], variables].concat();
        let mut running = Running::start_with(PROGRAM, "ITEMS_API_ADDR", &variables);
        let origin = running.line().strip_prefix("listening on ").unwrap().to_owned();
        Self { _running: running, origin }
    }

    /// Starts an instance that trusts the issuer, with these variables besides.
    pub(super) fn trusting(issuer: &AuthorizationServer, variables: &[(&str, &str)]) -> Self {
        let trust = [("OAUTH_ISSUER", issuer.issuer()), ("OAUTH_AUDIENCE", issuer.audience())];
        Self::start(&[&trust, variables].concat())
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        Client::new().get(format!("{}{path}", self.origin))
    }

    pub(super) fn post_form(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Client::new().post(format!("{}{path}", self.origin));
        request.header("content-type", "application/x-www-form-urlencoded").body(form)
    }

    /// Returns status and code of the response to a request with the token.
    pub(super) async fn judge(&self, token: &str) -> (u16, String) {
        let response = self.get("/api/whoami").bearer_auth(token).send().await.unwrap();
        let (status, body) = answer(response).await;
        (status, body["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the token gets this status, for at most this time.
    pub(super) async fn answers_within(&self, seconds: u64, token: &str, status: u16) {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            let judged = self.judge(token).await;
            if judged.0 == status {
                return;
            }
            assert!(Instant::now() < deadline, "{judged:?}, not {status}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends a revocation, with this text as its body.
    pub(super) async fn post(&self, token: &str, body: impl Into<reqwest::Body>) -> Response {
        let request = Client::new().post(format!("{}/api/revocations", self.origin));
        let request = request.header("content-type", "application/json");
        request.bearer_auth(token).body(body).send().await.unwrap()
    }

    /// Revokes tokens of the issuer as an operator. Returns status and body of the response.
    pub(super) async fn revoke(
        &self,
        issuer: &AuthorizationServer,
        members: Value,
    ) -> (u16, Value) {
        let mut body = json!({ "issuer": issuer.issuer() });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        answer(self.post(&operator(issuer).sign(), body.to_string()).await).await
    }

    /// Returns status and body of the readiness probe.
    pub(super) async fn ready(&self) -> (u16, Value) {
        answer(self.get("/ready").send().await.unwrap()).await
    }
}

/// Returns the seconds since 1970.
pub(super) fn now() -> u64 {
    SystemClock.now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Returns the token of an operator.
pub(super) fn operator(issuer: &AuthorizationServer) -> TokenBuilder {
    issuer.token().subject("operator").scope("revocations:write")
}

/// Returns status and body of a response. The body of a response without content is `null`.
pub(super) async fn answer(response: Response) -> (u16, Value) {
    let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    (status, body)
}
