//! Completes a sign-in: exchanges the code, and verifies the tokens.

use std::time::SystemTime;

use axum_protected::__browser::{IdToken, IdTokenExpectation, Occasion};
use axum_protected::RefusalKind;

use crate::backend::Inner;
use crate::session::SessionRecord;
use crate::sign_in::{
    AuthorizationResponse, Outcome, PendingSignIn, SignInError, SignInErrorKind, provider_error,
};
use crate::token_endpoint::{CodeExchange, TokenEndpointError, Tokens};

/// Returns the session that an authorization response begins.
pub(super) async fn complete(
    backend: &Inner,
    response: &AuthorizationResponse,
    sign_in: &PendingSignIn,
) -> Result<SessionRecord, SignInError> {
    let began_at = backend.provider.now();
    check_issuer(backend, response).await?;
    let code = match response.outcome()? {
        Outcome::Code(code) => code,
        Outcome::Error(error) => return Err(provider_error(error)),
    };
    if !backend.used_states.insert(sign_in.state()) {
        return Err(SignInErrorKind::NoSignIn.because("the sign-in was completed before"));
    }
    let tokens = exchange(backend, code, sign_in).await?;
    let id_token = verify_id_token(backend, &tokens, sign_in).await?;
    verify_access_token(backend, &tokens).await?;
    Ok(record(backend, tokens, id_token, sign_in, began_at))
}

async fn check_issuer(
    backend: &Inner,
    response: &AuthorizationResponse,
) -> Result<(), SignInError> {
    let metadata = backend.provider.metadata().await;
    let metadata =
        metadata.map_err(|error| SignInErrorKind::Unavailable.because(error.to_string()))?;
    let is_required = metadata.authorization_response_iss_parameter_supported;
    response.check_issuer(backend.provider.issuer(), is_required)
}

async fn exchange(
    backend: &Inner,
    code: &str,
    sign_in: &PendingSignIn,
) -> Result<Tokens, SignInError> {
    let exchange = CodeExchange {
        code,
        verifier: &sign_in.verifier,
        redirect_uri: &backend.addresses.redirect_uri,
    };
    backend.token_endpoint.exchange_code(exchange).await.map_err(|error| match error {
        TokenEndpointError::InvalidGrant => {
            SignInErrorKind::CodeRefused.because("the provider does not accept the code")
        }
        TokenEndpointError::Unavailable(text) => SignInErrorKind::Unavailable.because(text),
    })
}

async fn verify_id_token(
    backend: &Inner,
    tokens: &Tokens,
    sign_in: &PendingSignIn,
) -> Result<IdToken, SignInError> {
    let Some(id_token) = tokens.id_token.as_deref() else {
        return Err(SignInErrorKind::InvalidIdToken.because(
            "the token response has no `id_token`: the client must be allowed the scope `openid`",
        ));
    };
    let expected = IdTokenExpectation {
        client_id: &backend.client.id,
        other_audiences: &backend.client.id_token_audiences,
        access_token: &tokens.access_token,
        occasion: Occasion::SignIn { nonce: &sign_in.nonce },
    };
    backend.provider.verify_id_token(id_token, &expected).await.map_err(|error| {
        let kind = if error.is_unavailable() {
            SignInErrorKind::Unavailable
        } else {
            SignInErrorKind::InvalidIdToken
        };
        kind.because(error.to_string())
    })
}

/// Checks that this server accepts the access token. Otherwise it would refuse all requests of the
/// session.
async fn verify_access_token(backend: &Inner, tokens: &Tokens) -> Result<(), SignInError> {
    match backend.server.authenticate(tokens.access_token.as_str()).await {
        Ok(token) if token.issuer() == backend.provider.issuer() => Ok(()),
        Ok(_) => Err(SignInErrorKind::AccessTokenRefused
            .because("the access token of the sign-in is of another issuer")),
        Err(error) => {
            let kind = match error.kind() {
                RefusalKind::KeysUnavailable | RefusalKind::IntrospectionUnavailable => {
                    SignInErrorKind::Unavailable
                }
                _ => SignInErrorKind::AccessTokenRefused,
            };
            Err(kind.because(format!(
                "the access token of the sign-in is refused by this server: {error}"
            )))
        }
    }
}

fn record(
    backend: &Inner,
    tokens: Tokens,
    id_token: IdToken,
    sign_in: &PendingSignIn,
    began_at: SystemTime,
) -> SessionRecord {
    SessionRecord {
        subject: id_token.subject,
        provider_session: id_token.session,
        nonce: sign_in.nonce.clone(),
        access_token: tokens.access_token,
        access_token_received_at: began_at,
        access_token_expires_at: tokens.access_token_expires_at,
        refresh_token: tokens.refresh_token,
        id_token: tokens.id_token,
        began_at,
        ends_at: began_at.checked_add(backend.session_limit).unwrap_or(began_at),
    }
}
