//! Pushed authorization requests (RFC 9126).

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;
use tokio::time::Instant;

use super::authorization_request::{AuthorizationRequest, RequestError};
use super::client_authentication::authenticate;
use super::client_endpoints::{uncached, with_nonce};
use super::error::{ErrorCode, OAuthError};
use super::issuing::Issuing;
use super::parameters::Parameters;
use super::randomness_error::RandomnessError;
use super::user_consents::PUSHED_LIFETIME;

/// The start of each `request_uri` of this server (section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Stores an authorization request for its client, and returns the `request_uri` that stands for it.
pub(super) async fn push(
    State(issuing): State<Arc<Issuing>>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, RandomnessError> {
    let request = match form {
        Ok(Form(pairs)) => read(&issuing, &headers, &Parameters::new(pairs)),
        Err(_) => Err(ErrorCode::InvalidRequest.because("the body is not a form")),
    };
    let answer = match request {
        Ok(request) => {
            let name = issuing.push(request)?;
            uncached((
                StatusCode::CREATED,
                Json(json!({
                    "request_uri": format!("{PREFIX}{name}"),
                    "expires_in": PUSHED_LIFETIME.as_secs(),
                })),
            ))
        }
        Err(error) => uncached(error),
    };
    Ok(with_nonce(&issuing, answer))
}

fn read(
    issuing: &Issuing,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, OAuthError> {
    let client = authenticate(headers, parameters, &issuing.registration)?;
    if parameters.get("request_uri")?.is_some() {
        return Err(ErrorCode::InvalidRequest.because("`request_uri` cannot be pushed"));
    }
    let proven = issuing.possession.confirm(headers, "POST", "/par", None)?;
    let mut request = AuthorizationRequest::read(parameters, &issuing.registration)
        .map_err(|(RequestError::ToUser(error) | RequestError::ToClient(_, error))| error)?;
    if request.client_id != client.id {
        return Err(ErrorCode::InvalidRequest.because("`client_id` is another client"));
    }
    // A proof says the same as `dpop_jkt` (RFC 9449 section 10.1).
    let requested = &mut request.requested;
    match (&requested.dpop_jkt, proven.jkt) {
        (Some(jkt), Some(proven)) if *jkt != proven => {
            Err(ErrorCode::InvalidDpopProof.because("`dpop_jkt` is not the key of the proof"))
        }
        (_, None) => Ok(request),
        (_, proven) => {
            requested.dpop_jkt = proven;
            Ok(request)
        }
    }
}

impl Issuing {
    /// Returns the authorization request that a user's browser brings: the pushed one, or the one in
    /// the parameters. A pushed request has no other parameters (RFC 9101 section 5).
    pub(super) fn authorization_request(
        &self,
        parameters: &Parameters,
    ) -> Result<AuthorizationRequest, RequestError> {
        let request_uri = parameters.get("request_uri").map_err(RequestError::ToUser)?;
        if let Some(name) = request_uri.and_then(|uri| uri.strip_prefix(PREFIX)) {
            let client_id = parameters.required("client_id").map_err(RequestError::ToUser)?;
            return self.grants().pull(name, client_id, Instant::now()).ok_or_else(|| {
                let problem = "`request_uri` is unknown, expired, used or of another client";
                RequestError::ToUser(ErrorCode::InvalidRequest.because(problem))
            });
        }
        let request = AuthorizationRequest::read(parameters, &self.registration)?;
        let client = self.registration.client(&request.client_id);
        if client.is_some_and(|client| client.require_pushed_authorization_requests) {
            let error = ErrorCode::InvalidRequest.because("the request must be pushed");
            return Err(RequestError::ToClient(Box::new(request.redirect_target), error));
        }
        Ok(request)
    }
}
