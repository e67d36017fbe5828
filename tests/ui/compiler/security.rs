use axum_protected::{Scopes, protected, public};

#[derive(Scopes)]
enum Scope {
    #[scope("items:read")]
    Read,
    #[scope("items:write", implies = [Read])]
    Write,
}

#[protected(scope = "items:write")]
#[utoipa::path(get, path = "/other", security(("oauth2" = ["items:read"])))]
async fn another_scope() {}

#[protected(all(scope = "a", scope = "b"))]
#[utoipa::path(get, path = "/alternatives", security(("oauth2" = ["a"]), ("oauth2" = ["b"])))]
async fn alternatives_for_all() {}

#[protected(any(scope = "a", scope = "b"))]
#[utoipa::path(get, path = "/all", security(("oauth2" = ["a", "b"])))]
async fn all_for_alternatives() {}

#[protected(scope = Scope::Read)]
#[utoipa::path(get, path = "/implied", security(("oauth2" = ["items:read"])))]
async fn without_the_broader_scope() {}

#[protected]
#[utoipa::path(get, path = "/scope", security(("oauth2" = ["a"])))]
async fn needs_no_scope() {}

#[protected(scope = "a")]
#[utoipa::path(get, path = "/many", security(("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"]), ("oauth2" = ["a"])))]
async fn too_many() {}

// The following compile.

#[protected(any(scope = "b", all(scope = "a", role = "auditor")))]
#[utoipa::path(get, path = "/same", security(("mine" = ["a"]), ("mine" = ["b"])))]
async fn the_same() {}

#[protected(scope = Scope::Read)]
#[utoipa::path(get, path = "/vocabulary", security(("oauth2" = ["items:read"]), ("oauth2" = ["items:write"])))]
async fn with_the_broader_scope() {}

#[protected]
#[utoipa::path(get, path = "/any", security(("oauth2" = [])))]
async fn any_token() {}

#[public(reason = "a page for people")]
#[utoipa::path(get, path = "/public", security(()))]
async fn open() {}

#[public(reason = "a page for people")]
#[utoipa::path(get, path = "/nothing", security())]
async fn needs_nothing() {}

fn main() {
    let _ = Scope::Write;
}
