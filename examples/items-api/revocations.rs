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

/// The time after which the log is asked again.
const RETRY_SECONDS: u64 = 1;

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
        RevocationError::BeyondHorizon => {
            (StatusCode::UNPROCESSABLE_ENTITY, "until_beyond_horizon")
        }
        RevocationError::NameTooLong => (StatusCode::UNPROCESSABLE_ENTITY, "name_too_long"),
        RevocationError::Full => (StatusCode::SERVICE_UNAVAILABLE, "revocations_full"),
        // The cause is for the log, and may name the addresses of servers.
        RevocationError::LocalOnly(_) => return local_only(),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "not_revoked"),
    };
    Problem::new(status, code, error.to_string())
}

/// The request was good, so the operator may repeat it, and need not.
fn local_only() -> Problem {
    let detail = "this instance refuses the tokens already, and the others do not know of it yet: \
                  the revocation will be sent again until they do, and the request may be repeated";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "revoked_locally", detail.to_owned())
        .retry_after(RETRY_SECONDS)
}
