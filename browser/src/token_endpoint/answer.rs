//! Judges the answer of the token endpoint.

use std::error::Error;

use axum::http::StatusCode;
use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{ExtraTokenFields, RequestTokenError, StandardTokenResponse, TokenResponse as _};
use serde::{Deserialize, Serialize};

use super::error::TokenEndpointError;

/// The longest token in bytes.
const TOKEN_LIMIT: usize = 64 * 1024;
/// The longest description of an error that is logged, in characters.
const DESCRIPTION_LIMIT: usize = 200;

/// The body of a successful response (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
pub(super) type Answer = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// The member that OpenID Connect adds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct IdTokenField {
    #[serde(default)]
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

/// Checks a successful response.
pub(super) fn check(answer: &Answer) -> Result<(), TokenEndpointError> {
    let unusable = |problem: &str| {
        let text = format!("the token response cannot be used: {problem}");
        Err(TokenEndpointError::Unavailable(text))
    };
    // A client must not use a token of an unknown type (RFC 6749 section 7.1).
    if *answer.token_type() != BasicTokenType::Bearer {
        return unusable("`token_type` is not `Bearer`");
    }
    let access_token = answer.access_token().secret();
    if access_token.is_empty() || !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return unusable("`access_token` is empty or contains characters that a token cannot have");
    }
    let refresh_token = answer.refresh_token().map(|token| token.secret().as_str());
    if refresh_token == Some("") {
        return unusable("`refresh_token` is empty");
    }
    let others = [refresh_token, answer.extra_fields().id_token.as_deref()];
    let mut tokens = others.into_iter().flatten().chain([access_token.as_str()]);
    if tokens.any(|token| token.len() > TOKEN_LIMIT) {
        return unusable("a token is longer than 64 KiB");
    }
    Ok(())
}

/// Converts the error of a request. `status` is that of the response, if there is one. The text never
/// contains one of the `secrets` of the request.
pub(super) fn error<E: Error>(
    error: &RequestTokenError<E, BasicErrorResponse>,
    status: Option<StatusCode>,
    secrets: &[&str],
) -> TokenEndpointError {
    let unavailable = TokenEndpointError::Unavailable;
    match error {
        RequestTokenError::ServerResponse(response)
            if *response.error() == BasicErrorResponseType::InvalidGrant
                && status == Some(StatusCode::BAD_REQUEST) =>
        {
            TokenEndpointError::InvalidGrant
        }
        RequestTokenError::ServerResponse(response) => {
            let status = status.map_or(0, |status| status.as_u16());
            let code = shown(response.error().as_ref(), secrets);
            let description = response.error_description().map(|text| shown(text, secrets));
            let description = description.map(|text| format!(" ({text})")).unwrap_or_default();
            unavailable(format!(
                "the token endpoint answered with the status {status} and the error \
                 `{code}`{description}"
            ))
        }
        RequestTokenError::Request(error) => unavailable(error.to_string()),
        // The error and the body may contain tokens.
        RequestTokenError::Parse(error, _) => unavailable(format!(
            "the answer of the token endpoint, with the status {}, is not the JSON of RFC 6749: the \
             fault is at `{}`",
            status.map_or(0, |status| status.as_u16()),
            shown(&error.path().to_string(), secrets)
        )),
        RequestTokenError::Other(_) => unavailable(format!(
            "the answer of the token endpoint, with the status {}, is empty or not JSON",
            status.map_or(0, |status| status.as_u16())
        )),
    }
}

/// Returns a text of the provider for a log: escaped, cut, and without a secret.
fn shown(text: &str, secrets: &[&str]) -> String {
    if secrets.iter().any(|secret| text.contains(secret)) {
        return "not shown, because it repeats a secret".to_owned();
    }
    text.chars().take(DESCRIPTION_LIMIT).flat_map(char::escape_debug).collect()
}
