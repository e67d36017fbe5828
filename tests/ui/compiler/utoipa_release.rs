use axum_protected::{protected, public};
use utoipa5 as utoipa;

#[protected(scope = "a")]
#[utoipa::path(get, path = "/items")]
async fn list() {}

struct Ping;

#[public(reason = "liveness probe")]
#[utoipa::path(get, path = "/ping", impl_for = Ping)]
async fn ping() {}

fn main() {}
