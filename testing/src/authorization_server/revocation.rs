//! The revocation endpoint (RFC 7009).

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::client_authentication::authenticate;
use super::error::{ErrorCode, OAuthError};
use super::issuing::Issuing;
use super::parameters::Parameters;

/// Revokes an access token, or a refresh token with all tokens of its session. The answer for an
/// unknown token is the same (section 2.2).
pub(super) async fn revoke(
    State(issuing): State<Arc<Issuing>>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<StatusCode, OAuthError> {
    let Ok(Form(pairs)) = form else {
        return Err(ErrorCode::InvalidRequest.because("the body is not a form"));
    };
    let parameters = Parameters::new(pairs);
    let client = authenticate(&headers, &parameters, &issuing.registration)?;
    // The hint does not decide which kinds of tokens are searched (section 2.1).
    issuing.revoke(parameters.required("token")?, &client.id)?;
    Ok(StatusCode::OK)
}

impl Issuing {
    fn revoke(&self, token: &str, client_id: &str) -> Result<(), OAuthError> {
        let now = Instant::now();
        if let Some(claims) = self.tokens.claims(token).or_else(|| self.keys().verify(token)) {
            check_owner(claims.get("client_id").and_then(Value::as_str), client_id)?;
            self.tokens.revoke(token);
            return Ok(());
        }
        let Some(grant) = self.grants().refreshable(token, now).cloned() else {
            return Ok(());
        };
        check_owner(Some(&grant.client_id), client_id)?;
        let session = grant.session();
        self.grants().end_sessions(|grant| grant.session() == session, now);
        if let Some(session) = session {
            self.tokens.end_session(session);
        }
        Ok(())
    }
}

/// Refuses to revoke a token that another client has got (section 2.1).
fn check_owner(owner: Option<&str>, client_id: &str) -> Result<(), OAuthError> {
    if owner == Some(client_id) {
        return Ok(());
    }
    Err(ErrorCode::UnauthorizedClient.because("`token` belongs to another client"))
}
