//! The route `/callback`, to which the provider sends the browser back.

mod completion;

use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;

use self::completion::complete;
use super::response::sign_in_failure;
use super::{navigation, page};
use crate::backend::{BrowserBackend, Inner};
use crate::cookie;
use crate::session::SessionRecord;
use crate::settings::SameSite;
use crate::sign_in::{
    AuthorizationResponse, LoginCookie, LoginCookieError, PendingSignIn, SignInError,
    SignInErrorKind,
};
use crate::telemetry;

pub(super) async fn callback(backend: BrowserBackend, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET {
        return page::only_get();
    }
    let backend = backend.inner();
    let mut removal = None;
    match finish(backend, &parts, &mut removal).await {
        Ok(response) => with_cookie(response, removal),
        Err(error) => with_cookie(sign_in_failure(backend, &error), removal),
    }
}

/// Completes the sign-in. Sets `removal` to the line that removes its cookie, as soon as the request
/// has such a cookie: a sign-in has one attempt.
async fn finish(
    backend: &Inner,
    parts: &Parts,
    removal: &mut Option<HeaderValue>,
) -> Result<Response, SignInError> {
    navigation::check_top_level(&parts.headers)?;
    let response = AuthorizationResponse::read(parts.uri.query().unwrap_or_default())?;
    let sign_in = sign_in(backend, &parts.headers, response.state()?, removal)?;
    let record = complete(backend, &response, &sign_in).await?;
    let cookie = begin_session(backend, &parts.headers, record).await?;
    telemetry::sign_in_completed();
    let address = sign_in.return_address(&backend.addresses.public_url);
    let response = match backend.sessions.cookie().same_site() {
        SameSite::Lax => page::redirect(address.url()),
        SameSite::Strict => page::continuation(address.url()),
    };
    Ok(with_cookie(response, Some(cookie)))
}

/// Returns the sign-in that began in this browser.
fn sign_in(
    backend: &Inner,
    headers: &HeaderMap,
    state: &str,
    removal: &mut Option<HeaderValue>,
) -> Result<PendingSignIn, SignInError> {
    let cookie = LoginCookie::of_state(state);
    let opened = cookie.open(headers, state, &backend.login_keys);
    if opened.as_ref().err() != Some(&LoginCookieError::Absent) {
        *removal = cookie.removal();
    }
    let problem = match opened {
        Ok(sign_in) if !sign_in.has_expired(backend.provider.now()) => return Ok(sign_in),
        Ok(_) => "the sign-in began more than 10 minutes ago",
        Err(LoginCookieError::Absent) => {
            "the request has no cookie of this sign-in: it began in another browser or at another \
             address than the `public_url`, or has ended"
        }
        Err(LoginCookieError::Several) => "the request has several cookies of this sign-in",
        Err(LoginCookieError::NotOpened) => {
            "the cookie of the sign-in was not sealed by this backend: instances of an application \
             need the same `login_keys`"
        }
    };
    Err(SignInErrorKind::NoSignIn.because(problem))
}

/// Begins the session under a new identifier, and ends those that the browser had: nobody who knew
/// the old cookie knows the new one.
async fn begin_session(
    backend: &Inner,
    headers: &HeaderMap,
    record: SessionRecord,
) -> Result<HeaderValue, SignInError> {
    let now = backend.provider.now();
    let no_session = |error: String| SignInErrorKind::NoSession.because(error);
    let sessions = &backend.sessions;
    for value in cookie::values(headers, &sessions.cookie().name) {
        if let Some(session) = sessions.find(value) {
            sessions.end(&session, now).await.map_err(|error| no_session(error.to_string()))?;
        }
    }
    sessions.begin(record, now).await.map_err(|error| no_session(error.to_string()))
}

fn with_cookie(mut response: Response, line: Option<HeaderValue>) -> Response {
    if let Some(line) = line {
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}
