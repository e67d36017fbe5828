//! The userinfo endpoint (OpenID Connect Core section 5.3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::grant::Grant;
use super::issuing::Issuing;
use super::registered_clients::OPENID;

/// An error response of RFC 6750 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UserInfoError {
    NoToken,
    InvalidToken,
    InsufficientScope,
}

/// Returns the claims of the user of an access token that this server has issued for the scope
/// `openid`.
pub(super) async fn user_info(State(issuing): State<Arc<Issuing>>, headers: HeaderMap) -> Response {
    let claims = bearer(&headers)
        .and_then(|token| issuing.grant_of(token).ok_or(UserInfoError::InvalidToken))
        .and_then(|grant| claims(&grant));
    ([(CACHE_CONTROL, "no-store")], claims.map(Json)).into_response()
}

/// Returns the claims of the user. The server knows only the subject.
fn claims(grant: &Grant) -> Result<Value, UserInfoError> {
    if grant.scope.iter().any(|scope| scope == OPENID) {
        Ok(json!({ "sub": grant.subject }))
    } else {
        Err(UserInfoError::InsufficientScope)
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, UserInfoError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let line = lines.next().ok_or(UserInfoError::NoToken)?;
    let credentials = line.to_str().ok().and_then(|line| line.split_once(' '));
    match (credentials, lines.next()) {
        (Some((scheme, token)), None) if scheme.eq_ignore_ascii_case("bearer") => Ok(token),
        _ => Err(UserInfoError::InvalidToken),
    }
}

impl IntoResponse for UserInfoError {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            // RFC 6750 section 3.1: without credentials the challenge has no error code.
            Self::NoToken => (StatusCode::UNAUTHORIZED, r#"Bearer realm="userinfo""#),
            Self::InvalidToken => {
                (StatusCode::UNAUTHORIZED, r#"Bearer realm="userinfo", error="invalid_token""#)
            }
            Self::InsufficientScope => (
                StatusCode::FORBIDDEN,
                r#"Bearer realm="userinfo", error="insufficient_scope", scope="openid""#,
            ),
        };
        (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_bearer_token_is_read() {
        let cases: [(&[&str], Result<&str, UserInfoError>); 6] = [
            (&[], Err(UserInfoError::NoToken)),
            (&["Bearer a.b.c"], Ok("a.b.c")),
            (&["bEARER a.b.c"], Ok("a.b.c")),
            (&["Basic a.b.c"], Err(UserInfoError::InvalidToken)),
            (&["Bearer"], Err(UserInfoError::InvalidToken)),
            (&["Bearer a", "Bearer a"], Err(UserInfoError::InvalidToken)),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(AUTHORIZATION, line.parse().unwrap());
            }
            assert_eq!(bearer(&headers), expected, "{lines:?}");
        }
    }
}
