//! The userinfo endpoint (OpenID Connect Core section 5.3).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::grant::Grant;
use super::issuing::Issuing;
use super::possession::algorithms;
use super::registered_clients::OPENID;

/// An error response of RFC 6750 section 3 or RFC 9449 section 7.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UserInfoError {
    NoToken,
    InvalidToken,
    InvalidProof,
    InsufficientScope,
}

/// Returns the claims of the user of an access token that this server has issued for the scope
/// `openid`. A bound token needs a proof of its key.
pub(super) async fn user_info(
    State(issuing): State<Arc<Issuing>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let claims = presented(&headers)
        .and_then(|presented| granted(&issuing, &method, &headers, presented))
        .and_then(|grant| claims(&grant));
    ([(CACHE_CONTROL, "no-store")], claims.map(Json)).into_response()
}

/// Returns the grant of a token that is presented with its scheme, and with proofs of the keys to
/// which it is bound.
fn granted(
    issuing: &Issuing,
    method: &Method,
    headers: &HeaderMap,
    presented: Presented<'_>,
) -> Result<Grant, UserInfoError> {
    let Presented { token, is_dpop } = presented;
    let grant = issuing.grant_of(token).ok_or(UserInfoError::InvalidToken)?;
    if is_dpop != grant.confirmation.jkt.is_some() {
        return Err(UserInfoError::InvalidToken);
    }
    let proven = issuing
        .possession
        .confirm(headers, method.as_str(), "/userinfo", Some(token))
        .map_err(|_| UserInfoError::InvalidProof)?;
    if grant.confirmation.is_proven_by(&proven) {
        return Ok(grant);
    }
    Err(if is_dpop { UserInfoError::InvalidProof } else { UserInfoError::InvalidToken })
}

/// Returns the claims of the user. The server knows only the subject.
fn claims(grant: &Grant) -> Result<Value, UserInfoError> {
    if grant.access.scope.iter().any(|scope| scope == OPENID) {
        Ok(json!({ "sub": grant.subject }))
    } else {
        Err(UserInfoError::InsufficientScope)
    }
}

/// A token in the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Presented<'a> {
    token: &'a str,
    /// True for the scheme `DPoP`, false for the scheme `Bearer`.
    is_dpop: bool,
}

fn presented(headers: &HeaderMap) -> Result<Presented<'_>, UserInfoError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let line = lines.next().ok_or(UserInfoError::NoToken)?;
    let credentials = line.to_str().ok().and_then(|line| line.split_once(' '));
    let (Some((scheme, token)), None) = (credentials, lines.next()) else {
        return Err(UserInfoError::InvalidToken);
    };
    let is_dpop = scheme.eq_ignore_ascii_case("dpop");
    if is_dpop || scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Presented { token, is_dpop });
    }
    Err(UserInfoError::InvalidToken)
}

impl IntoResponse for UserInfoError {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            // RFC 6750 section 3.1: without credentials the challenge has no error code.
            Self::NoToken => (StatusCode::UNAUTHORIZED, r#"Bearer realm="userinfo""#),
            Self::InvalidToken => {
                (StatusCode::UNAUTHORIZED, r#"Bearer realm="userinfo", error="invalid_token""#)
            }
            Self::InvalidProof => {
                let algorithms = algorithms().join(" ");
                let challenge = format!(
                    r#"DPoP realm="userinfo", error="invalid_dpop_proof", algs="{algorithms}""#
                );
                return (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response();
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
    fn only_one_token_is_read() {
        let token = |is_dpop| Ok(Presented { token: "a.b.c", is_dpop });
        let cases: [(&[&str], Result<Presented<'_>, UserInfoError>); 8] = [
            (&[], Err(UserInfoError::NoToken)),
            (&["Bearer a.b.c"], token(false)),
            (&["DPoP a.b.c"], token(true)),
            (&["bEARER a.b.c"], token(false)),
            (&["Basic a.b.c"], Err(UserInfoError::InvalidToken)),
            (&["Bearer"], Err(UserInfoError::InvalidToken)),
            (&["Bearer a", "Bearer a"], Err(UserInfoError::InvalidToken)),
            (&["Bearer a", "DPoP a"], Err(UserInfoError::InvalidToken)),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(AUTHORIZATION, line.parse().unwrap());
            }
            assert_eq!(presented(&headers), expected, "{lines:?}");
        }
    }
}
