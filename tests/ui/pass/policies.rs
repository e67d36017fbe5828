//! Declared scopes, checks and named policies with different visibilities.

#![deny(warnings)]

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum_protected::{AccessToken, Denied, HasResourceServer, Policy, ResourceServer, Scopes, check, protected};

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    orders: Orders,
}

#[derive(Clone)]
struct Orders(u64);

impl FromRef<AppState> for Orders {
    fn from_ref(state: &AppState) -> Self {
        state.orders.clone()
    }
}

/// The scopes of the API.
#[derive(Debug, Clone, Copy, Scopes)]
pub enum Scope {
    /// See items
    #[scope("items:read")]
    ItemsRead,
    /// Create and change items
    #[scope("items:write", implies = [ItemsRead])]
    ItemsWrite,
    #[scope("items:admin", implies = [ItemsRead, ItemsWrite])]
    Admin,
}

#[check]
async fn owns_order(
    Path(id): Path<u64>,
    State(orders): State<Orders>,
    caller: AccessToken,
) -> bool {
    id == orders.0 && caller.subject().is_some()
}

#[check]
async fn always() -> Result<(), Denied> {
    Ok(())
}

#[derive(Policy)]
#[policy(scope = Scope::ItemsWrite, any(role = "editor", check = always), check = async || true)]
struct CanWriteItems;

#[derive(Policy)]
#[policy(policy = CanWriteItems, max_age = "5m")]
enum CanWriteItemsNow {}

// The visibility of this handler is wider than that of its checks and policies.
#[protected(
    scope = Scope::ItemsRead,
    any(
        check = owns_order,
        policy = CanWriteItems,
        all(role = "a", check = |Path(id): Path<u64>, _: State<Orders>| async move { id == 7 }),
        all(role = "b", check = async |_: AccessToken| -> Result<(), StatusCode> { Err(StatusCode::NOT_FOUND) }),
    ),
    all(any(client = "web", client = "app")),
    claim("realm.level" = -3),
)]
pub async fn order(Path(_id): Path<u64>) {}

mod inner {
    #[super::check]
    pub(crate) async fn r#type() -> bool {
        true
    }

    #[super::check]
    #[cfg(any())]
    async fn absent() -> Absent {}
}

#[protected(check = inner::r#type, policy = CanWriteItemsNow)]
async fn other() {}

#[protected(
    issuer = "acme",
    acr = "urn:mace:incommon:iap:silver",
    max_age = "1h 30m",
    all(
        claim("https://example.com/tenant" = "acme"),
        claim(["https://example.com/realm", "a.b"] = true),
    ),
)]
async fn every_demand() {}

macro_rules! handler {
    ($name:ident, $scope:path, $check:expr, $level:literal) => {
        #[protected(scope = $scope, check = $check, claim("level" = $level))]
        async fn $name() {}
    };
}

handler!(
    from_a_macro,
    Scope::Admin,
    |_: AccessToken| async { true },
    3
);

fn main() {
    #[check]
    async fn local() -> bool {
        true
    }

    #[protected(check = local)]
    async fn inside() {}

    assert_eq!(Scope::ALL.len(), 3);
    assert_eq!(
        Scope::ItemsRead.entry().implied_by,
        ["items:write", "items:admin"]
    );
    let _: Router = Router::new()
        .route("/1/{id}", get(order))
        .route("/2", get(other))
        .route("/3", get(every_demand))
        .route("/4", get(from_a_macro))
        .route("/5", get(inside))
        .with_state(AppState {
            server: server(),
            orders: Orders(1),
        });
}

fn server() -> ResourceServer {
    ResourceServer::builder()
        .issuer("https://id.example.com")
        .audience("https://api.example.com")
        .build()
        .unwrap()
}
