//! The route `/session`, which tells a page if its user is signed in.

use std::time::UNIX_EPOCH;

use axum::Json;
use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use axum_protected::__browser::{SessionError, check_origin, session_unavailable};
use serde::Serialize;

use super::response::no_store;
use crate::backend::BrowserBackend;
use crate::session::SessionRecord;

/// The state of the session. It never contains a token.
#[derive(Serialize)]
struct State<'a> {
    signed_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    /// The end of the session, in seconds since 1970. The session may end earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    /// The path that signs in.
    login: &'a str,
    /// The path that signs out, by `POST`.
    logout: &'a str,
}

/// Reads the session as a guard does, and renews its tokens if they have expired: only the provider
/// knows if the session goes on.
pub(super) async fn session(backend: BrowserBackend, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(refusal) = check_origin(&backend.inner().server, &parts) {
        return no_store(refusal.into_response());
    }
    let Some(session) = backend.session(&parts) else {
        return no_store(Json(state(&backend, None)).into_response());
    };
    let mut response = no_store(match session.fresh().await {
        Ok(record) => Json(state(&backend, Some(&record))).into_response(),
        Err(SessionError::Ended) => signed_out(&backend),
        Err(SessionError::Unavailable) => {
            session_unavailable(&backend.inner().server, &parts).into_response()
        }
    });
    session.write_cookie(response.headers_mut());
    response
}

/// Returns the response to a browser whose session has ended, and removes its cookie. Other responses
/// do not remove it: a late one would remove the cookie of a sign-in that has happened meanwhile.
fn signed_out(backend: &BrowserBackend) -> Response {
    let mut response = Json(state(backend, None)).into_response();
    let removal = backend.inner().sessions.cookie().removal();
    response.headers_mut().extend(removal.map(|line| (SET_COOKIE, line)));
    response
}

fn state<'a>(backend: &'a BrowserBackend, record: Option<&'a SessionRecord>) -> State<'a> {
    let paths = &backend.inner().addresses.paths;
    let end = record.and_then(|record| record.ends_at.duration_since(UNIX_EPOCH).ok());
    State {
        signed_in: record.is_some(),
        subject: record.map(|record| record.subject.as_str()),
        expires_at: end.map(|end| end.as_secs()),
        login: &paths.login,
        logout: &paths.logout,
    }
}
