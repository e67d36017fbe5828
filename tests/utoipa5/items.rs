// The handlers and their document. The tests include this file in a module where `utoipa` is
// utoipa 6.

use axum_protected::openapi::OpenApiSecurity;
use axum_protected::{AccessToken, Scopes, check, protected, public};
use serde_json::Value;
use utoipa::{Modify, OpenApi};

#[derive(Scopes)]
pub enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
    /// Change items
    #[scope("items:write", implies = [Read])]
    Write,
}

#[check]
async fn owns_item() -> bool {
    true
}

#[derive(utoipa::ToSchema)]
pub struct Item {
    pub name: String,
}

/// All items.
#[protected(scope = Scope::Read)]
#[utoipa::path(
    get,
    path = "/items",
    tag = "items",
    responses((status = 200, description = "all", body = [Item]), (status = 401, description = "mine")),
)]
pub async fn list() -> &'static str {
    "items"
}

#[protected(scope = Scope::Write, check = owns_item)]
#[utoipa::path(put, path = "/items", security(("oauth2" = ["items:write"])))]
pub async fn replace() {}

#[protected(any(scope = "items:admin", all(scope = "a", role = "auditor")))]
#[cfg_attr(all(), utoipa::path(delete, path = "/items", extensions(("x-mine" = json!(1)))))]
pub async fn remove() {}

#[public(reason = "a page for all")]
#[utoipa::path(get, path = "/page")]
pub async fn page(_: Option<AccessToken>) {}

#[public(reason = "liveness probe")]
#[utoipa::path(get, path = "/ping", impl_for = Ping)]
pub async fn ping() {}

pub struct Ping;

#[protected(issuer = "staff", scope = "items:read")]
#[utoipa::path(get, path = "/staff")]
pub async fn staff() {}

#[derive(OpenApi)]
#[openapi(paths(list, replace, remove, page, staff), info(title = "items", version = "1"))]
pub struct Api;

/// Returns the document that the attributes write, with the security schemes of a server.
#[must_use]
pub fn document(security: &OpenApiSecurity) -> Value {
    let mut document = Api::openapi();
    let methods = <Ping as utoipa::Path>::methods();
    document.paths.add_path_operation("/ping", methods, <Ping as utoipa::Path>::operation());
    security.modify(&mut document);
    serde_json::to_value(document).unwrap_or_default()
}

#[utoipa::path(get, path = "/items", responses((status = 200, description = "all")))]
#[allow(dead_code, reason = "only its operation is used")]
async fn items_without_access() {}

#[derive(OpenApi)]
#[openapi(paths(items_without_access))]
pub struct WithoutAccess;
