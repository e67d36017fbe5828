//! The endpoint at which an operator revokes tokens.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum_protected::protected;
use axum_protected::revocation::{RevocationError, RevocationRequest};

use crate::items::{AppState, Scope};
use crate::problem::Problem;

/// The largest body. The longest request has three texts of 2 KiB, each character of which may be
/// escaped.
const BODY_BYTES: usize = 64 * 1024;

/// Returns the layer that refuses larger bodies.
pub(crate) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(BODY_BYTES)
}

/// Revokes tokens in every instance of the program. The response comes when all of them can know of
/// it: when the log has it, or immediately if the program has no other instances.
#[protected(scope = Scope::Revoke)]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    request: Result<Json<RevocationRequest>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(request) = request.map_err(|rejection| Problem::of_body(&rejection))?;
    match request.revoke(state.server.revocations()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(problem(&error)),
    }
}

fn problem(error: &RevocationError) -> Problem {
    let (status, code) = match error {
        RevocationError::UnknownIssuer => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_issuer"),
        RevocationError::Over => (StatusCode::UNPROCESSABLE_ENTITY, "until_has_passed"),
        RevocationError::Full => (StatusCode::SERVICE_UNAVAILABLE, "revocations_full"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "not_revoked"),
    };
    Problem::new(status, code, error.to_string())
}
