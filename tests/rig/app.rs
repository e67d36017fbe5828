//! The application under test. It has one route for each kind of guard, and counts the calls of
//! each handler.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use axum_protected::server::TlsConnection;
use axum_protected::{
    AccessToken, Checked, Claims, HasResourceServer, Loaded, ResourceServer, check, protected,
    public,
};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::client::{Answer, Call};
use super::refusal::{Challenge, refused, refused_in};

#[derive(Clone, HasResourceServer)]
pub struct AppState {
    server: ResourceServer,
    calls: Calls,
}

impl AppState {
    pub fn new(server: ResourceServer) -> Self {
        let calls = Calls::default();
        Self { server, calls }
    }
}

/// The number of calls of each handler.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<BTreeMap<&'static str, usize>>>);

impl Calls {
    fn count(&self, handler: &'static str) {
        *self.0.lock().unwrap().entry(handler).or_default() += 1;
    }

    fn of(&self, handler: &str) -> usize {
        self.0.lock().unwrap().get(handler).copied().unwrap_or(0)
    }

    fn total(&self) -> usize {
        self.0.lock().unwrap().values().sum()
    }
}

#[derive(Deserialize)]
struct NewItem {
    name: String,
}

/// The claims that one handler reads.
#[derive(Deserialize)]
struct Caller {
    email: String,
}

#[public(reason = "liveness probe")]
async fn health(State(state): State<AppState>) -> &'static str {
    state.calls.count("health");
    "ok"
}

#[protected(scope = "items:read")]
async fn list(State(state): State<AppState>) -> &'static str {
    state.calls.count("list");
    "[]"
}

#[protected(scope = "items:write")]
async fn create(
    State(state): State<AppState>,
    token: AccessToken,
    Json(new): Json<NewItem>,
) -> (StatusCode, String) {
    state.calls.count("create");
    let creator = token.subject().unwrap_or("a machine");
    (StatusCode::CREATED, format!("{} by {creator}", new.name))
}

#[protected]
async fn me(State(state): State<AppState>, token: AccessToken) -> String {
    state.calls.count("me");
    token.subject().unwrap_or("a machine").to_owned()
}

async fn optional(State(state): State<AppState>, token: Option<AccessToken>) -> String {
    state.calls.count("optional");
    let subject = token.as_ref().map(AccessToken::subject);
    format!("{subject:?}")
}

#[protected(any(scope = "items:admin", all(scope = "items:read", scope = "items:export")))]
async fn export(State(state): State<AppState>) {
    state.calls.count("export");
}

#[protected(all(scope = "items:read", scope = "items:write"))]
async fn both(State(state): State<AppState>) {
    state.calls.count("both");
}

#[check]
async fn is_carol(caller: AccessToken) -> bool {
    caller.subject() == Some("carol")
}

#[protected(check = is_carol)]
async fn of_carol(State(state): State<AppState>) {
    state.calls.count("of_carol");
}

#[protected(acr = "gold", max_age = "5m")]
async fn with_gold(State(state): State<AppState>) {
    state.calls.count("with_gold");
}

#[protected(scope = "items:read", proof = dpop)]
async fn proven(State(state): State<AppState>) {
    state.calls.count("proven");
}

async fn caller(State(state): State<AppState>, Claims(caller): Claims<Caller>) -> String {
    state.calls.count("caller");
    caller.email
}

async fn impossible(State(state): State<AppState>, _: Claims<Vec<String>>) {
    state.calls.count("impossible");
}

#[check]
async fn number() -> Option<Loaded<u8>> {
    Some(Loaded(1))
}

/// An alias, which hides the argument from the attribute.
type Hidden = Checked<number>;

#[protected(check = number)]
async fn lost(State(state): State<AppState>, _: Hidden) {
    state.calls.count("lost");
}

pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/api/items", get(list).post(create))
        .route("/api/me", get(me).post(me).put(me).delete(me).patch(me))
        .route("/api/optional", get(optional))
        .route("/api/export", get(export))
        .route("/api/both", post(both))
        .route("/api/carol", get(of_carol))
        .route("/api/gold", get(with_gold))
        .route("/api/proven", get(proven))
        .route("/api/caller", get(caller))
        .route("/api/impossible", get(impossible))
        .route("/api/lost", get(lost))
        .nest("/nested", Router::new().route("/items", get(list)))
        .with_state(state)
}

/// The application on a socket. The application stops when `App` is dropped.
pub struct App {
    pub address: SocketAddr,
    calls: Calls,
    task: AbortHandle,
}

impl App {
    pub async fn serve(server: ResourceServer) -> Self {
        let state = AppState::new(server);
        Self::serve_router(router(state.clone()), state.calls).await
    }

    /// Serves the application as if all requests came over TLS, in a layer that this function adds.
    pub async fn serve_over_tls(
        server: ResourceServer,
        layer: impl FnOnce(Router) -> Router,
    ) -> Self {
        let state = AppState::new(server);
        let router = layer(router(state.clone())).layer(Extension(TlsConnection));
        Self::serve_router(router, state.calls).await
    }

    /// Serves this router. The handlers of the router count their calls in `calls`.
    pub async fn serve_router(router: Router, calls: Calls) -> Self {
        super::log::listen();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, calls, task: serving.abort_handle() }
    }

    /// Asserts that the application accepts the request and the handler runs once.
    pub async fn grants(&self, call: &Call) -> Answer {
        let before = self.total_calls();
        let answer = call.send(self.address).await;
        assert!(answer.is_success(), "{} {}", answer.status, show(&answer.body));
        assert_eq!(self.total_calls(), before + 1, "handler calls");
        answer
    }

    /// Asserts that the response is a well-formed refusal, and that no handler runs.
    pub async fn refuses(&self, call: &Call, status: u16, code: &str) -> Option<Challenge> {
        let before = self.total_calls();
        let answer = call.send(self.address).await;
        let challenge = refused(&answer, status, code);
        assert_eq!(self.total_calls(), before, "{code}: handler calls");
        challenge
    }

    /// Asserts that the response is a well-formed refusal with a challenge for each of these
    /// schemes, and that no handler runs. Returns the challenges.
    pub async fn refuses_in(
        &self,
        call: &Call,
        (status, code): (u16, &str),
        schemes: &[&str],
    ) -> Vec<Challenge> {
        let before = self.total_calls();
        let answer = call.send(self.address).await;
        let challenges = refused_in(&answer, status, code, schemes);
        assert_eq!(self.total_calls(), before, "{code}: handler calls");
        challenges
    }

    pub fn calls(&self, handler: &str) -> usize {
        self.calls.of(handler)
    }

    pub fn total_calls(&self) -> usize {
        self.calls.total()
    }
}

fn show(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

impl Drop for App {
    fn drop(&mut self) {
        self.task.abort();
    }
}
