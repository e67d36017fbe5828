//! The request to the endpoint (RFC 7662 section 2.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use super::{JWT_MEDIA_TYPE, form};

/// Authentication of this server in one request.
#[derive(Clone)]
pub(crate) enum Authorization {
    /// The value of the header `Authorization`.
    Header(HeaderValue),
    /// Parameters of the form.
    Parameters(Vec<(&'static str, String)>),
}

impl Authorization {
    /// Returns the header of `client_secret_basic`. Both texts are encoded like those of a form before
    /// base64 (RFC 6749 section 2.3.1), so that a colon in the identifier has no meaning.
    pub(super) fn basic(client_id: &str, secret: &str) -> Option<Self> {
        let pair = format!("{}:{}", form::encoded(client_id), form::encoded(secret));
        let value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)));
        value.ok().map(Self::header)
    }

    pub(super) fn header(mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        Self::Header(value)
    }
}

/// Returns the headers of the request.
pub(crate) fn headers(authorization: &Authorization, is_jwt: bool) -> HeaderMap {
    let accept = if is_jwt { JWT_MEDIA_TYPE } else { "application/json" };
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, form);
    if let Authorization::Header(value) = authorization {
        headers.insert(AUTHORIZATION, value.clone());
    }
    headers
}

/// Returns the form. The token is in it exactly as the request presents it.
pub(crate) fn body(token: &str, authorization: &Authorization) -> Vec<u8> {
    let mut body = String::with_capacity(token.len().saturating_add(64));
    body.push_str("token=");
    form::append(&mut body, token);
    body.push_str("&token_type_hint=access_token");
    if let Authorization::Parameters(parameters) = authorization {
        for (name, value) in parameters {
            body.push('&');
            body.push_str(name);
            body.push('=');
            form::append(&mut body, value);
        }
    }
    body.into_bytes()
}
