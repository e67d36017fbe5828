//! The routes for the probes of a load balancer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_protected::public;
use axum_protected::server::Health;

use crate::items::AppState;

#[public(reason = "liveness probe")]
pub(crate) async fn health() -> &'static str {
    "ok"
}

/// Answers 503 while the program cannot judge tokens as its configuration demands. The body says
/// which part is not ready, and the log says why.
#[public(reason = "readiness probe")]
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Health>) {
    let health = state.server.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health.without_errors()))
}
