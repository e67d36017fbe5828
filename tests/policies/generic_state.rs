//! Tests checks and handlers that are generic over the state of the application.

use axum::body::Body;
use axum::extract::{FromRef, Path, State};
use axum::http::Request;
use axum_protected::routing::get;
use axum_protected::{
    AccessToken, Authorized, HasResourceServer, Policy, ProtectedRouter, ResourceServer, check,
    protected,
};
use axum_protected_testing::AuthorizationServer;
use tower::ServiceExt;

trait Repository: Clone + Send + Sync + 'static {
    type Id: PartialEq<u64> + Default;

    fn owner(&self, order: u64) -> &'static str;
}

#[derive(Clone)]
struct Postgres;

#[derive(Clone)]
struct Memory;

impl Repository for Postgres {
    type Id = u64;

    fn owner(&self, _: u64) -> &'static str {
        "alice"
    }
}

impl Repository for Memory {
    type Id = u64;

    fn owner(&self, _: u64) -> &'static str {
        "bob"
    }
}

#[derive(Clone)]
struct App<R, const LIMIT: u64> {
    server: ResourceServer,
    repository: R,
}

impl<R, const LIMIT: u64> HasResourceServer for App<R, LIMIT> {
    fn resource_server(&self) -> &ResourceServer {
        &self.server
    }
}

/// A part of the state that depends on the parameters of the state.
#[derive(Clone)]
struct Orders<R>(R);

impl<R: Repository, const LIMIT: u64> FromRef<App<R, LIMIT>> for Orders<R> {
    fn from_ref(app: &App<R, LIMIT>) -> Self {
        Self(app.repository.clone())
    }
}

#[check(state = App<R, LIMIT>)]
async fn owns_order<R, const LIMIT: u64>(
    Path(id): Path<u64>,
    State(orders): State<Orders<R>>,
    caller: AccessToken,
) -> bool
where
    R: Repository,
    R::Id: PartialEq<u64>,
{
    caller.subject() == Some(orders.0.owner(id))
}

/// No extractor has the parameters of the state.
#[check(state = App<R, LIMIT>)]
async fn is_below_limit<R: Repository, const LIMIT: u64>(Path(id): Path<u64>) -> bool {
    id < LIMIT
}

#[check(state = App<R, LIMIT>)]
async fn is_user<R: Repository, const LIMIT: u64>(
    #[constant] name: &'static str,
    State(app): State<App<R, LIMIT>>,
) -> bool {
    app.repository.owner(0) == name
}

#[derive(Policy)]
#[policy(check = owns_order)]
struct Owner;

#[protected(all(check = owns_order, check = is_below_limit))]
async fn order<R: Repository>(
    State(orders): State<Orders<R>>,
    Path(id): Path<u64>,
) -> &'static str {
    orders.0.owner(id)
}

#[protected(policy = Owner)]
async fn by_policy<R: Repository>(_: Authorized<Owner>, State(_): State<Orders<R>>) {}

#[protected(check = is_user("alice"))]
async fn of_alice<R: Repository>(State(_): State<Orders<R>>) {}

async fn statuses<R: Repository>(repository: R, subject: &str) -> Vec<u16> {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = ResourceServer::builder()
        .issuer(issuer.issuer())
        .audience(issuer.audience())
        .build()
        .unwrap();
    let app = ProtectedRouter::new()
        .route("/orders/{id}", get(order::<R>))
        .route("/policy/{id}", get(by_policy::<R>))
        .route("/alice/{id}", get(of_alice::<R>))
        .with_state(App::<R, 10> { server, repository })
        .into_router()
        .unwrap();
    let token = issuer.token().subject(subject).sign();
    let mut statuses = Vec::new();
    for path in ["/orders/1", "/orders/10", "/policy/1", "/alice/1"] {
        let request = Request::get(path).header("Authorization", format!("Bearer {token}"));
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        statuses.push(response.status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_check_uses_the_state_of_its_handler() {
    assert_eq!(statuses(Postgres, "alice").await, [200, 403, 200, 200]);
    assert_eq!(statuses(Postgres, "bob").await, [403, 403, 403, 200]);
    assert_eq!(statuses(Memory, "alice").await, [403, 403, 403, 403]);
    assert_eq!(statuses(Memory, "bob").await, [200, 403, 200, 403]);
}
