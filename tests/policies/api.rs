//! An orders API that uses every part of the policy language. The tests call the API without a
//! socket.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum_protected::routing::{delete, get, post};
use axum_protected::{
    AccessToken, Authorized, Denied, HasResourceServer, Issuer, Policy, ProtectedRouter, Provider,
    ResourceServer, Scopes, check, protected, public,
};
use axum_protected_testing::AuthorizationServer;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

#[derive(Scopes)]
pub(crate) enum Scope {
    /// See orders
    #[scope("orders:read")]
    Read,
    /// Change orders
    #[scope("orders:write", implies = [Read])]
    Write,
    /// Administer orders
    #[scope("orders:admin", implies = [Write])]
    Admin,
}

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    pub(crate) calls: Arc<Mutex<Vec<&'static str>>>,
    owners: Arc<BTreeMap<u64, &'static str>>,
    is_closed: bool,
}

impl AppState {
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Returns the same state, except that the checks refuse every request.
    pub(crate) fn closed(&self) -> Self {
        Self { is_closed: true, ..self.clone() }
    }
}

/// Returns success if the caller owns the order. Order 1 belongs to `alice`, order 2 to `bob`. No
/// other orders exist.
#[check]
async fn owns_order(
    Path(id): Path<u64>,
    State(state): State<AppState>,
    caller: AccessToken,
) -> Result<(), StatusCode> {
    state.calls.lock().unwrap().push("owns_order");
    match state.owners.get(&id) {
        None => Err(StatusCode::NOT_FOUND),
        Some(owner) if caller.subject() == Some(owner) => Ok(()),
        Some(_) => Err(StatusCode::FORBIDDEN),
    }
}

#[check]
async fn in_office_hours(State(state): State<AppState>) -> Result<(), Denied> {
    state.calls.lock().unwrap().push("in_office_hours");
    Err(Denied)
}

#[derive(Policy)]
#[policy(scope = Scope::Write, check = owns_order)]
pub(crate) struct CanChangeOrder;

/// Changes an order. Requires the proof that the caller may change the order.
fn change(_: &Authorized<CanChangeOrder>) -> &'static str {
    "changed"
}

#[protected(scope = Scope::Read)]
async fn list() -> &'static str {
    "orders"
}

#[protected(any(scope = Scope::Admin, check = owns_order))]
async fn show() -> &'static str {
    "order"
}

#[protected(policy = CanChangeOrder)]
async fn replace(proof: Authorized<CanChangeOrder>) -> &'static str {
    change(&proof)
}

#[protected(scope = Scope::Admin, acr = "gold", max_age = "5m")]
async fn remove() -> &'static str {
    "removed"
}

#[protected(any(role = "auditor", claim("department.name" = "finance")), issuer = "acme")]
async fn export() -> &'static str {
    "export"
}

#[protected(client = "backoffice", check = in_office_hours)]
async fn close() -> &'static str {
    "closed"
}

#[protected(scope = Scope::Read, check = |caller: AccessToken| async move { caller.subject() == Some("alice") })]
async fn mine() -> &'static str {
    "mine"
}

#[protected(any(acr = "gold", check = in_office_hours))]
async fn late() {}

#[public(reason = "liveness probe")]
async fn health() -> &'static str {
    "ok"
}

pub(crate) fn router() -> ProtectedRouter<AppState> {
    let order = get(show).put(replace).delete(remove);
    ProtectedRouter::new()
        .route("/orders", get(list))
        .route("/orders/{id}", order)
        .route("/export", post(export))
        .route("/mine", get(mine))
        .route("/late", get(late))
        .route("/day", delete(close))
        .route("/health", get(health))
}

pub(crate) struct Api {
    pub(crate) issuer: AuthorizationServer,
    pub(crate) state: AppState,
    pub(crate) app: axum::Router,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::of(router()).await
    }

    pub(crate) async fn of(router: ProtectedRouter<AppState>) -> Self {
        Self::with(Provider::Standard, router).await
    }

    pub(crate) async fn with(provider: Provider, router: ProtectedRouter<AppState>) -> Self {
        Self::trusting_as(|issuer| issuer.provider(provider), router).await
    }

    /// Serves a router that trusts an issuer with these settings.
    pub(crate) async fn trusting_as(
        settings: impl Fn(Issuer) -> Issuer,
        router: ProtectedRouter<AppState>,
    ) -> Self {
        Self::built(settings, |_| router).await
    }

    /// Serves the router that a function builds for the state.
    pub(crate) async fn built_for(
        build: impl FnOnce(AppState) -> ProtectedRouter<AppState>,
    ) -> Self {
        Self::built(|issuer| issuer, build).await
    }

    async fn built(
        settings: impl Fn(Issuer) -> Issuer,
        build: impl FnOnce(AppState) -> ProtectedRouter<AppState>,
    ) -> Self {
        let issuer = AuthorizationServer::start().await.unwrap().trusted_as(&settings);
        let acme = settings(Issuer::new(issuer.issuer()).name("acme"));
        let server =
            ResourceServer::builder().issuer(acme).audience(issuer.audience()).build().unwrap();
        let state = AppState {
            server,
            calls: Arc::default(),
            owners: Arc::new(BTreeMap::from([(1, "alice"), (2, "bob")])),
            is_closed: false,
        };
        let app = build(state.clone()).with_state(state.clone()).into_router().unwrap();
        Self { issuer, state, app }
    }

    pub(crate) fn app(&self) -> &axum::Router {
        &self.app
    }

    pub(crate) async fn call(&self, method: &str, path: &str, token: Option<&str>) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }

    /// Sends a request, and returns the status of the response and the names of the checks that
    /// ran.
    pub(crate) async fn status(
        &self,
        method: &str,
        path: &str,
        token: &str,
    ) -> (u16, Vec<&'static str>) {
        self.state.calls.lock().unwrap().clear();
        let response = self.call(method, path, Some(token)).await;
        let calls = self.state.calls.lock().unwrap().clone();
        (response.status().as_u16(), calls)
    }
}

/// Returns the challenge of a refusal.
pub(crate) fn challenge(response: &Response) -> String {
    let challenge = response.headers().get("www-authenticate");
    challenge.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}
