//! The HTTP handlers of the authorization server's endpoints.

use std::future::pending;
use std::io;
use std::sync::Arc;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Form, Query, State};
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::time::sleep;

use super::authorization_request::{AuthorizationRequest, RequestError};
use super::client_authentication::authenticate;
use super::error::{ErrorCode, OAuthError};
use super::issuing::Issuing;
use super::logout_request::LogoutRequest;
use super::page::{self, SUBJECT_LIMIT};
use super::parameters::Parameters;
use super::revocation::revoke;
use super::token_endpoint::TokenEndpoint;
use super::token_request::TokenRequest;
use super::token_response::TokenResponse;
use super::user_info::user_info;

type Pairs = Vec<(String, String)>;

/// The largest size of a request body in bytes. No form of these endpoints needs a larger body.
const BODY_LIMIT: usize = 16 * 1024;

/// Returns the endpoints that a user's browser visits. These endpoints must not support CORS (RFC
/// 9700 section 2.6).
pub(super) fn for_users(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/consent", post(consent))
        // OpenID Connect RP-Initiated Logout 1.0 section 2 demands both methods.
        .route("/logout", get(end_session).post(end_session))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(issuing))
}

/// Returns the endpoints that clients call.
pub(super) fn for_clients(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/token", post(token))
        .route("/revoke", post(revoke))
        // OpenID Connect Core section 5.3.1 demands both methods.
        .route("/userinfo", get(user_info).post(user_info))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(issuing))
}

async fn authorize(
    State(issuing): State<Arc<Issuing>>,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, RandomnessError> {
    let Ok(Query(pairs)) = query else {
        return Ok(refusal_page("the query cannot be read"));
    };
    let read = AuthorizationRequest::read(&Parameters::new(pairs), &issuing.registration);
    match read {
        Ok(request) => {
            let ticket = issuing.open_page(request.clone())?;
            Ok(page::consent(&request, &ticket))
        }
        Err(RequestError::ToUser(error)) => Ok(refusal_page(&error.description)),
        Err(RequestError::ToClient(redirect_target, error)) => {
            let answer = [("error", error.code.name()), ("error_description", &error.description)];
            let url = redirect_target.with(&answer, &issuing.issuer);
            Ok(Redirect::to(url.as_str()).into_response())
        }
    }
}

async fn consent(
    State(issuing): State<Arc<Issuing>>,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, RandomnessError> {
    let Ok(Form(pairs)) = form else {
        return Ok(refusal_page("the form cannot be read"));
    };
    let parameters = Parameters::new(pairs);
    let answer = parameters
        .required("ticket")
        .and_then(|ticket| Ok((ticket, parameters.required("subject")?)));
    let (ticket, subject) = match answer {
        Ok(answer) => answer,
        Err(error) => return Ok(refusal_page(&error.description)),
    };
    if subject.len() > SUBJECT_LIMIT {
        return Ok(refusal_page("`subject` is too long"));
    }
    match issuing.consent_to(ticket, subject)? {
        // The status is 303, so that the browser does not post the form to the client (RFC 9700
        // section 4.12).
        Some((code, redirect_target)) => {
            let url = redirect_target.with(&[("code", &code)], &issuing.issuer);
            Ok(Redirect::to(url.as_str()).into_response())
        }
        None => {
            Ok(refusal_page("this page has expired: return to the application and sign in again"))
        }
    }
}

async fn end_session(
    State(issuing): State<Arc<Issuing>>,
    // `Form` reads the query of a GET request and the body of a POST request.
    form: Result<Form<Pairs>, FormRejection>,
) -> Response {
    let Ok(Form(pairs)) = form else {
        return refused_logout("the request cannot be read");
    };
    let hint = |id_token: &str| issuing.grant_of_id_token(id_token);
    let parameters = Parameters::new(pairs);
    let request = match LogoutRequest::read(&parameters, &issuing.registration, hint) {
        Ok(request) => request,
        Err(error) => return refused_logout(&error.description),
    };
    if let Some(session) = &request.session {
        // The session has ended even if the client refuses its logout token.
        let _ = issuing.end_sessions(|grant| grant.session() == Some(session)).await;
    }
    match request.redirect {
        Some(url) => Redirect::to(url.as_str()).into_response(),
        None => page::signed_out(),
    }
}

fn refused_logout(description: &str) -> Response {
    (StatusCode::BAD_REQUEST, page::refusal("Sign-out failed", description)).into_response()
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
    Ok(uncached(answer.map(Json)))
}

fn uncached(answer: impl IntoResponse) -> Response {
    // RFC 6749 section 5.1 forbids caches to store a token response.
    let not_cached = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    (not_cached, answer).into_response()
}

fn issue(
    issuing: &Issuing,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> io::Result<Result<TokenResponse, OAuthError>> {
    let request = authenticate(headers, parameters, &issuing.registration)
        .and_then(|client| Ok((client, TokenRequest::read(parameters, client)?)));
    match request {
        Ok((client, request)) => issuing.issue(&request, client),
        Err(error) => Ok(Err(error)),
    }
}

fn refusal_page(description: &str) -> Response {
    (StatusCode::BAD_REQUEST, page::refusal("Sign-in failed", description)).into_response()
}

/// The error for an operating system that returns no randomness.
struct RandomnessError;

impl From<io::Error> for RandomnessError {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl IntoResponse for RandomnessError {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
