use axum::debug_handler;
use axum_protected::protected;

#[debug_handler]
#[protected(scope = "a")]
async fn list() {}

fn main() {}
