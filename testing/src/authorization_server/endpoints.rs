//! The endpoints over HTTP.

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

use super::AUDIENCE;
use super::authorization_request::{AuthorizationRequest, Refused};
use super::client_authentication::authenticate;
use super::error::{ErrorCode, OAuthError};
use super::issuing::Issuing;
use super::page::{self, SUBJECT_LIMIT};
use super::parameters::Parameters;
use super::token_request::TokenRequest;
use super::token_response::TokenResponse;

type Pairs = Vec<(String, String)>;

/// More than any form of these endpoints needs.
const BODY_LIMIT: usize = 16 * 1024;

/// What a user's browser goes to: never with CORS (RFC 9700 section 2.6).
pub(super) fn for_users(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/consent", post(consent))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(issuing))
}

/// What clients call.
pub(super) fn for_clients(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/token", post(token))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(issuing))
}

async fn authorize(
    State(issuing): State<Arc<Issuing>>,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, Failed> {
    let Ok(Query(pairs)) = query else {
        return Ok(refused("the query cannot be read"));
    };
    let read = AuthorizationRequest::read(&Parameters::new(pairs), &issuing.registration);
    match read {
        Ok(request) => {
            let ticket = issuing.ask(request.clone())?;
            Ok(page::consent(&request, AUDIENCE, &ticket))
        }
        Err(Refused::Here(error)) => Ok(refused(&error.description)),
        Err(Refused::ToClient(way_back, error)) => {
            let answer = [("error", error.code.name()), ("error_description", &error.description)];
            let url = way_back.with(&answer, &issuing.issuer);
            Ok(Redirect::to(url.as_str()).into_response())
        }
    }
}

async fn consent(
    State(issuing): State<Arc<Issuing>>,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Failed> {
    let Ok(Form(pairs)) = form else {
        return Ok(refused("the form cannot be read"));
    };
    let parameters = Parameters::new(pairs);
    let answer = parameters
        .required("ticket")
        .and_then(|ticket| Ok((ticket, parameters.required("subject")?)));
    let (ticket, subject) = match answer {
        Ok(answer) => answer,
        Err(error) => return Ok(refused(&error.description)),
    };
    if subject.len() > SUBJECT_LIMIT {
        return Ok(refused("`subject` is too long"));
    }
    match issuing.agree(ticket, subject)? {
        // See Other, so that the form is not posted to the client (RFC 9700 section 4.12).
        Some((code, way_back)) => {
            let url = way_back.with(&[("code", &code)], &issuing.issuer);
            Ok(Redirect::to(url.as_str()).into_response())
        }
        None => Ok(refused("this page is too old: go back to where you came from")),
    }
}

async fn token(
    State(issuing): State<Arc<Issuing>>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Failed> {
    let answer = match form {
        Ok(Form(pairs)) => issue(&issuing, &headers, &Parameters::new(pairs))?,
        Err(_) => Err(ErrorCode::InvalidRequest.because("the body is not a form")),
    };
    // RFC 6749 section 5.1.
    let fresh = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    let answer = answer.map(Json);
    Ok((fresh, answer).into_response())
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

fn refused(description: &str) -> Response {
    (StatusCode::BAD_REQUEST, page::refusal(description)).into_response()
}

/// The operating system gave no randomness.
struct Failed;

impl From<io::Error> for Failed {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
