//! The route `/login`, which sends the browser to the provider.

mod authorization_request;

use std::fmt;

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::Response;
use url::{Url, form_urlencoded};

use self::authorization_request::authorization_url;
use super::response::sign_in_failure;
use super::{navigation, page};
use crate::backend::{BrowserBackend, Inner};
use crate::sign_in::{
    LoginCookie, PendingSignIn, ReturnAddress, SignInError, SignInErrorKind, oldest_removals,
};
use crate::telemetry;

/// The parameter with the path to which the sign-in leads.
const RETURN_TO: &str = "return_to";

pub(super) async fn login(backend: BrowserBackend, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET {
        return page::only_get();
    }
    let backend = backend.inner();
    match begin(backend, &parts).await {
        Ok(response) => {
            telemetry::sign_in_began();
            response
        }
        Err(error) => sign_in_failure(backend, &error),
    }
}

async fn begin(backend: &Inner, parts: &Parts) -> Result<Response, SignInError> {
    navigation::check_top_level(&parts.headers)?;
    let metadata = backend.provider.metadata().await;
    let metadata =
        metadata.map_err(|error| SignInErrorKind::Unavailable.because(error.to_string()))?;
    let query = parts.uri.query().unwrap_or_default();
    let return_address = return_address(&backend.addresses.public_url, query);
    let sign_in = PendingSignIn::begin(&return_address, backend.provider.now())
        .map_err(|error| no_cookie(format!("the system gave no random numbers: {error}")))?;
    let cookie = LoginCookie::of_state(sign_in.state())
        .set(&sign_in, &backend.login_keys)
        .map_err(no_cookie)?
        .ok_or_else(|| no_cookie("its value is too long"))?;
    let mut response = page::redirect(&authorization_url(backend, &metadata, &sign_in));
    for line in oldest_removals(&parts.headers).into_iter().chain([cookie]) {
        response.headers_mut().append(SET_COOKIE, line);
    }
    Ok(response)
}

/// Returns the address to which the sign-in leads: the first page if the request names none, or one
/// that is not a path of the application. A refusal would let a link keep the user from signing in.
fn return_address(public_url: &Url, query: &str) -> ReturnAddress {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == RETURN_TO);
    let resolved = match (values.next(), values.next()) {
        (None, _) => return ReturnAddress::root(public_url),
        (Some((_, path)), None) => ReturnAddress::resolve(public_url, &path),
        (Some(_), Some(_)) => None,
    };
    resolved.unwrap_or_else(|| {
        telemetry::return_address_replaced();
        ReturnAddress::root(public_url)
    })
}

fn no_cookie(reason: impl fmt::Display) -> SignInError {
    SignInErrorKind::NoSession.because(format!("the cookie of the sign-in was not made: {reason}"))
}
