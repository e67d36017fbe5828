//! Uses of an item with a mistake are not reported: each mistake here is reported once.

use axum_protected::routing::get;
use axum_protected::{HasResourceServer, Policy, ProtectedRouter, ResourceServer, Scopes, check, protected, public};

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

#[derive(Scopes)]
enum Scope {
    #[scope("items:read", implies = [Reed])]
    Read,
    #[scope("items:write", implies = [Read])]
    Write,
    Admin,
}

#[derive(Policy)]
#[policy(scpoe = "items:write")]
struct CanWriteItems;

#[check]
fn owns() -> bool {
    true
}

#[check]
async fn no_output() {}

#[protected(scpoe = "items:read")]
async fn list() {}

#[protected(all(scope = Scope::Read, scope = Scope::Write, scope = Scope::Admin))]
async fn show() {}

#[protected(role = "editor", policy = CanWriteItems, check = owns)]
async fn create() {}

#[protected(any(scope = Scope::Write, policy = CanWriteItems, check = no_output))]
async fn change() {}

#[protected(all(check = owns, check = no_output))]
async fn remove() {}

#[public(reason = "")]
async fn health() {}

fn main() {
    let _ = ProtectedRouter::<AppState>::new()
        .route("/list", get(list))
        .route("/show", get(show))
        .route("/create", get(create))
        .route("/change", get(change))
        .route("/remove", get(remove))
        .route("/health", get(health));
}
