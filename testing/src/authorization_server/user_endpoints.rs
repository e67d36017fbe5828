//! The endpoints that a user's browser visits.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Form, Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::authorization_request::RequestError;
use super::client_endpoints::BODY_LIMIT;
use super::issuing::Issuing;
use super::logout_request::LogoutRequest;
use super::page::{self, SUBJECT_LIMIT};
use super::parameters::Parameters;
use super::randomness_error::RandomnessError;

type Pairs = Vec<(String, String)>;

/// Returns the endpoints that a user's browser visits. These endpoints must not support CORS (RFC
/// 9700 section 2.6).
pub(super) fn router(issuing: &Arc<Issuing>) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/consent", post(consent))
        // OpenID Connect RP-Initiated Logout 1.0 section 2 demands both methods.
        .route("/logout", get(end_session).post(end_session))
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
    match issuing.authorization_request(&Parameters::new(pairs)) {
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

fn refusal_page(description: &str) -> Response {
    (StatusCode::BAD_REQUEST, page::refusal("Sign-in failed", description)).into_response()
}
