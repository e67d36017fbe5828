//! Reads the credentials with which the caller of an endpoint authenticates.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;

/// The type of an assertion that is a JWT (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credentials {
    /// The id and the secret of a client, in the `Authorization` header or in the form. A public
    /// client has no secret.
    Secret { id: String, secret: Option<String> },
    /// A bearer token in the `Authorization` header.
    Bearer(String),
    /// A JWT in the form that the client has signed (RFC 7523).
    Assertion(String),
}

impl Credentials {
    /// Returns the only credentials of the request, or an error if it has several.
    pub(super) fn read(headers: &HeaderMap, parameters: &Parameters) -> Result<Self, OAuthError> {
        let secret = parameters.get("client_secret")?;
        let credentials = match (authorization(headers)?, secret, assertion(parameters)?) {
            (Some(credentials), None, None) => credentials,
            (None, None, Some(assertion)) => Self::Assertion(assertion.to_owned()),
            (None, secret, None) => {
                let id = parameters.required("client_id")?.to_owned();
                Self::Secret { id, secret: secret.map(str::to_owned) }
            }
            _ => return Err(ErrorCode::InvalidRequest.because("the client authenticates twice")),
        };
        match (&credentials, parameters.get("client_id")?) {
            (Self::Secret { id, .. }, Some(named)) if named != id => Err(ErrorCode::InvalidRequest
                .because("`client_id` is not the client in the `Authorization` header")),
            _ => Ok(credentials),
        }
    }
}

fn assertion(parameters: &Parameters) -> Result<Option<&str>, OAuthError> {
    let kind = parameters.get("client_assertion_type")?;
    match (parameters.get("client_assertion")?, kind) {
        (None, None) => Ok(None),
        (Some(assertion), Some(JWT_BEARER)) => Ok(Some(assertion)),
        _ => Err(ErrorCode::InvalidRequest
            .because("`client_assertion` does not have the type `jwt-bearer`")),
    }
}

fn authorization(headers: &HeaderMap) -> Result<Option<Credentials>, OAuthError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let credentials = line.to_str().ok().and_then(|line| line.split_once(' ')).and_then(
        |(scheme, credentials)| {
            let credentials = credentials.trim_start_matches(' ');
            match scheme.to_ascii_lowercase().as_str() {
                "basic" => basic(credentials),
                "bearer" => Some(Credentials::Bearer(credentials.to_owned())),
                _ => None,
            }
        },
    );
    match (credentials, lines.next()) {
        (Some(credentials), None) => Ok(Some(credentials)),
        _ => Err(ErrorCode::InvalidClient.because("`Authorization` cannot be read")),
    }
}

/// Reads the credentials of a client, which form-encodes its id and its secret, joins them by a
/// colon, and encodes the result in base64 (RFC 6749 section 2.3.1).
fn basic(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    // An empty secret counts as omitted, in the header as in the form (RFC 6749 section 2.3.1).
    // Public clients send it whose HTTP library cannot leave the header out.
    let secret = Some(form_decoded(secret)?).filter(|secret| !secret.is_empty());
    Some(Credentials::Secret { id: form_decoded(id)?, secret })
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}
