//! The endpoints that clients call.

use std::future::pending;
use std::io;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, PRAGMA};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::time::sleep;

use super::client_authentication::authenticate;
use super::error::{ErrorCode, OAuthError};
use super::issuing::Issuing;
use super::parameters::Parameters;
use super::possession::DPOP_NONCE;
use super::pushed_request::push;
use super::randomness_error::RandomnessError;
use super::revocation::revoke;
use super::token_endpoint::TokenEndpoint;
use super::token_request::TokenRequest;
use super::token_response::TokenResponse;
use super::user_info::user_info;

type Pairs = Vec<(String, String)>;

/// The largest size of a request body in bytes. No form of an endpoint needs a larger body.
pub(super) const BODY_LIMIT: usize = 16 * 1024;

pub(super) fn router(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/token", post(token))
        .route("/par", post(push))
        .route("/revoke", post(revoke))
        // OpenID Connect Core section 5.3.1 demands both methods.
        .route("/userinfo", get(user_info).post(user_info))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(issuing))
}

async fn token(
    State(issuing): State<Arc<Issuing>>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, RandomnessError> {
    let Ok(Form(pairs)) = form else {
        let error = ErrorCode::InvalidRequest.because("the body is not a form");
        return Ok(uncached(error));
    };
    let parameters = Parameters::new(pairs);
    if parameters.get("grant_type") == Ok(Some("refresh_token")) {
        issuing.token_endpoint.count_request();
    }
    match issuing.token_endpoint.get() {
        TokenEndpoint::Unavailable => return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        TokenEndpoint::InvalidGrant => {
            let error = ErrorCode::InvalidGrant.because("a test refuses all grants");
            return Ok(uncached(error));
        }
        TokenEndpoint::Silent => return pending().await,
        TokenEndpoint::Slow(time) => sleep(time).await,
        TokenEndpoint::Available | TokenEndpoint::LostAnswer => {}
    }
    let answer = issue(&issuing, &headers, &parameters)?;
    if issuing.token_endpoint.get() == TokenEndpoint::LostAnswer {
        return pending().await;
    }
    Ok(with_nonce(&issuing, uncached(answer.map(Json))))
}

pub(super) fn uncached(answer: impl IntoResponse) -> Response {
    // RFC 6749 section 5.1 forbids caches to store a token response.
    let not_cached = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    (not_cached, answer).into_response()
}

/// Adds the nonce for the next proof, if proofs need one (RFC 9449 section 8.2).
pub(super) fn with_nonce(issuing: &Issuing, mut response: Response) -> Response {
    let nonce = issuing.possession.next_nonce();
    if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
        response.headers_mut().insert(DPOP_NONCE, nonce);
    }
    response
}

fn issue(
    issuing: &Issuing,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> io::Result<Result<TokenResponse, OAuthError>> {
    let caller = authenticate(headers, parameters, &issuing.registration).and_then(|client| {
        Ok((client, issuing.possession.confirm(headers, "POST", "/token", None)?))
    });
    let (client, confirmation) = match caller {
        Ok(caller) => caller,
        Err(error) => return Ok(Err(error)),
    };
    match TokenRequest::read(parameters, client, &confirmation, &issuing.registration) {
        Ok(request) => issuing.issue(&request, client, confirmation.clone()),
        Err(error) => Ok(Err(error)),
    }
}
