//! The route `/logout`, which signs out the user here and at the provider.

mod departure;
mod end_session;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::header::{ACCEPT, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum_protected::__browser::{SessionError, check_origin, session_unavailable};
use axum_protected::revocation::{Revocation, RevocationError};
use serde_json::json;
use tokio::time::timeout;
use url::Url;

use self::departure::DepartureCookie;
use self::end_session::EndSession;
use super::page;
use super::response::no_store;
use crate::backend::{BrowserBackend, Inner};
use crate::cookie;
use crate::session::{SessionId, SessionRecord};
use crate::telemetry;

/// The longest time for which a sign-out waits for the provider.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends the session, and returns the address to which the page must navigate: the logout of the
/// provider, which returns to the application (OpenID Connect RP-Initiated Logout 1.0).
///
/// A script gets an address as JSON, because the policy `form-action 'self'` of a page blocks the
/// redirect of its form to the provider. It is the address of [`provider_logout`], so that the script
/// does not see the ID token.
pub(super) async fn logout(backend: BrowserBackend, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let inner = backend.inner();
    if let Err(refusal) = check_origin(&inner.server, &parts) {
        return no_store(refusal.into_response());
    }
    let Ok(ended) = end(inner, &parts).await else {
        return no_store(session_unavailable(&inner.server, &parts).into_response());
    };
    let mut location = inner.addresses.after_logout.url().clone();
    for record in ended {
        telemetry::logout();
        location = leave(inner, &record).await;
    }
    let mut response = no_store(answer(inner, &parts.headers, location));
    if let Some(line) = inner.sessions.cookie().removal() {
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}

/// Redirects a browser that has signed out here to the logout of the provider. A browser that has not
/// just signed out is led back to the application.
pub(super) async fn provider_logout(backend: BrowserBackend, request: Request) -> Response {
    let inner = backend.inner();
    let cookie = DepartureCookie::new();
    let address = cookie.open(request.headers(), &inner.login_keys);
    let location = address.unwrap_or_else(|| inner.addresses.after_logout.url().clone());
    let mut response = no_store(page::redirect(&location));
    response.headers_mut().extend(cookie.removal().map(|line| (SET_COOKIE, line)));
    response
}

/// Ends the sessions of a request, and returns their last records. They are more than one if a page
/// on another port of the host has added a partitioned cookie: then nobody knows which of them is the
/// user's.
async fn end(inner: &Inner, parts: &Parts) -> Result<Vec<Arc<SessionRecord>>, SessionError> {
    let mut ended = Vec::new();
    for value in cookie::values(&parts.headers, &inner.sessions.cookie().name) {
        if let Some(session) = inner.sessions.find(value) {
            ended.extend(inner.refresher.end(&session).await?);
        }
    }
    Ok(ended)
}

/// Ends what remains of a session elsewhere, and returns the address to which the page must navigate.
async fn leave(inner: &Inner, record: &SessionRecord) -> Url {
    revoke_access_token(inner, record).await;
    let endpoint = match inner.provider.metadata().await {
        Ok(metadata) => metadata.end_session_endpoint.clone(),
        Err(error) => {
            telemetry::logout_without_provider(&error.to_string());
            None
        }
    };
    let id_token_hint = record.id_token.as_deref();
    // Without a hint, the provider asks the user, who may refuse. Its tokens end in any case.
    if endpoint.is_none() || id_token_hint.is_none() {
        revoke_refresh_token(inner, record).await;
    }
    let after_logout = inner.addresses.after_logout.url();
    let state = SessionId::random();
    match (endpoint, state) {
        (Some(endpoint), Ok(state)) => {
            let client_id = &inner.client.id;
            let state = state.as_str();
            EndSession { client_id, id_token_hint, post_logout_redirect_uri: after_logout, state }
                .url(&endpoint)
        }
        _ => after_logout.clone(),
    }
}

/// Revokes the access token of a session that has ended, wherever it leaked to.
///
/// The token is revoked by its `jti`. By its `sid` only if it has none: the provider may continue its
/// session, and issue the tokens of the next sign-in with the same `sid`.
async fn revoke_access_token(inner: &Inner, record: &SessionRecord) {
    let issuer = inner.provider.issuer();
    let token = inner.server.authenticate(record.access_token.as_str()).await.ok();
    let jti = token.as_ref().and_then(|token| token.claim_str("jti"));
    let revocation = match (jti, &record.provider_session) {
        (Some(jti), _) => Revocation::token(issuer, jti),
        (None, Some(sid)) => Revocation::session(issuer, sid),
        (None, None) => return,
    };
    let until = record.access_token_expires_at;
    match inner.server.revocations().revoke(revocation, until).await {
        Ok(()) | Err(RevocationError::Over) => {}
        Err(error) => telemetry::access_token_not_revoked(&error),
    }
}

/// Revokes the refresh token at the provider. The request goes on if it takes too long to wait for.
async fn revoke_refresh_token(inner: &Inner, record: &SessionRecord) {
    let Some(refresh_token) = record.refresh_token.clone() else { return };
    let revocation = inner.token_revocation.clone();
    let task = tokio::spawn(async move { revocation.revoke(&refresh_token).await });
    let _ = timeout(PATIENCE, task).await;
}

/// Returns true for a form of a page, which follows a redirect. A script sends `Accept: */*`, and a
/// redirect to another origin ends it with an error.
fn is_form(request: &HeaderMap) -> bool {
    let accepts = |line: &HeaderValue| {
        let mut types = line.as_bytes().split(|byte| *byte == b',');
        types.any(|media_type| media_type.trim_ascii().starts_with(b"text/html"))
    };
    request.get_all(ACCEPT).iter().any(accepts)
}

fn answer(inner: &Inner, request: &HeaderMap, location: Url) -> Response {
    if is_form(request) {
        return page::redirect(&location);
    }
    let (location, line) = for_script(inner, location);
    let mut response = Json(json!({ "location": location.as_str() })).into_response();
    response.headers_mut().extend(line.map(|line| (SET_COOKIE, line)));
    response
}

/// Returns the address that a script may see, and the line of a cookie that belongs to it. An ID token
/// that does not fit into the cookie is left out; the provider then asks the user.
fn for_script(inner: &Inner, location: Url) -> (Url, Option<HeaderValue>) {
    let Some(without_hint) = end_session::without_hint(&location) else {
        return (location, None);
    };
    let line = DepartureCookie::new().set(&location, &inner.login_keys);
    let route = inner.addresses.public_url.join(&inner.addresses.paths.provider_logout);
    match (route, line) {
        (Ok(route), Some(line)) => (route, Some(line)),
        _ => (without_hint, None),
    }
}
