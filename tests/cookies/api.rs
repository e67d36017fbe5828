//! The application under test, with one route for each kind of guard. It counts the calls of its
//! handlers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::Extensions;
use axum::routing::{any, get};
use axum_protected::layer::PrivateResponsesLayer;
use axum_protected::{
    AccessToken, Authorized, Claims, HasResourceServer, Policy, ProtectedLayer, ResourceServer,
    check, protected, public,
};
use serde::Deserialize;

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    calls: Arc<AtomicUsize>,
}

impl AppState {
    fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Policy)]
#[policy(scope = "items:read")]
pub(crate) struct CanRead;

#[derive(Policy)]
#[policy(scope = "items:read", page)]
pub(crate) struct CanSeePage;

#[derive(Deserialize)]
pub(crate) struct Caller {
    email: String,
}

#[check]
async fn is_alice(caller: AccessToken) -> bool {
    caller.subject() == Some("alice")
}

/// An API handler.
#[protected(scope = "items:read")]
async fn items(State(state): State<AppState>) -> &'static str {
    state.count();
    "[]"
}

/// An API handler whose guard runs a check, and that has further readers of the token.
#[protected(check = is_alice, policy = CanRead)]
async fn all(
    State(state): State<AppState>,
    token: AccessToken,
    Claims(caller): Claims<Caller>,
    proof: Authorized<CanRead>,
) -> String {
    state.count();
    assert_eq!(token.subject(), proof.token().subject());
    caller.email
}

/// A handler without an attribute.
async fn bare(State(state): State<AppState>, token: AccessToken) -> String {
    state.count();
    format!("{:?}", token.presentation())
}

async fn bare_proof(State(state): State<AppState>, _: Authorized<CanRead>) {
    state.count();
}

/// An API handler with a policy that is a page elsewhere.
#[protected(policy = CanSeePage)]
async fn api_by_page_policy(State(state): State<AppState>) {
    state.count();
}

#[public(reason = "shows a name if there is one")]
async fn optional(State(state): State<AppState>, token: Option<AccessToken>) -> String {
    state.count();
    name(token.as_ref())
}

#[public(reason = "shows a name if there is one")]
async fn optional_claims(State(state): State<AppState>, claims: Option<Claims<Caller>>) -> String {
    state.count();
    claims.map_or_else(|| "nobody".to_owned(), |Claims(caller)| caller.email)
}

#[public(reason = "shows a name if there is one", page)]
async fn public_page(State(state): State<AppState>, token: Option<AccessToken>) -> String {
    state.count();
    name(token.as_ref())
}

#[protected(scope = "items:read", page)]
async fn page(
    State(state): State<AppState>,
    token: AccessToken,
    Claims(_): Claims<Caller>,
    _: Authorized<CanRead>,
) -> String {
    state.count();
    name(Some(&token))
}

fn name(token: Option<&AccessToken>) -> String {
    token.and_then(AccessToken::subject).unwrap_or("nobody").to_owned()
}

/// Returns the extensions that a handler finds in its request, as text.
#[protected]
async fn extensions(State(state): State<AppState>, extensions: Extensions) -> String {
    state.count();
    format!("{extensions:?}")
}

pub(crate) struct Api {
    pub(crate) router: Router,
    calls: Arc<AtomicUsize>,
}

/// The routes whose guard or extractor refuses what the guard of an API refuses.
pub(crate) const API: [&str; 6] =
    ["/items", "/all", "/bare", "/proof", "/layer", "/by-page-policy"];

impl Api {
    pub(crate) fn new(server: ResourceServer) -> Self {
        let calls = Arc::<AtomicUsize>::default();
        let state = AppState { server: server.clone(), calls: Arc::clone(&calls) };
        let service = |state: AppState| async move { state.count() };
        let layered = {
            let state = state.clone();
            any(move || service(state))
        };
        let routes = Router::new()
            .route("/items", any(items))
            .route("/all", any(all))
            .route("/bare", any(bare))
            .route("/proof", any(bare_proof))
            .route("/by-page-policy", any(api_by_page_policy))
            .route("/optional", any(optional))
            .route("/optional-claims", any(optional_claims))
            .route("/public-page", any(public_page))
            .route("/page", any(page))
            .route("/extensions", get(extensions))
            .with_state(state.clone());
        // Nothing behind the guard of a page becomes a page by it, except what has no guard.
        let behind_page = Router::new()
            .route("/items", any(items))
            .route("/by-page-policy", any(api_by_page_policy))
            .route("/bare-proof", any(bare_proof))
            .route("/page", any(page))
            .route("/optional", any(optional))
            .with_state(state.clone())
            .route(
                "/layer",
                layered.clone().layer(ProtectedLayer::<CanRead, _>::new(server.clone())),
            )
            .layer(ProtectedLayer::<CanSeePage, _>::new(server.clone()));
        let behind_api = Router::new()
            .route("/page", any(page))
            .with_state(state)
            .layer(ProtectedLayer::<CanRead, _>::new(server.clone()));
        let all = routes
            .route(
                "/layer",
                layered.clone().layer(ProtectedLayer::<CanRead, _>::new(server.clone())),
            )
            .route("/page-layer", layered.layer(ProtectedLayer::<CanSeePage, _>::new(server)))
            .nest("/behind-page", behind_page)
            .nest("/behind-api", behind_api)
            .layer(PrivateResponsesLayer);
        Self { router: all, calls }
    }

    /// Returns the number of calls of handlers so far.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}
