//! Extracts the token of a request and verifies it once for all extractors of that request.

use std::pin::Pin;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::guarded_request::combination;
use super::request_proof::judge_proofs;
use super::request_token::{attach, recognize};
use crate::credential::Presentation;
use crate::error::{Fault, RefusalKind, TokenError};
use crate::identity::AccessToken;
use crate::policy::{Operation, Requirement};
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer, VerifiedCredential, needs_proof};
use crate::telemetry::{self, Lookup};
use crate::transport::peer;

/// The operation of an extractor that requires a valid token and nothing else.
static ANY_TOKEN: Operation = Operation::new("an extractor", Requirement::All(&[]));

type Verification<'a> =
    Pin<Box<dyn Future<Output = Result<(AccessToken, Lookup), Refusal>> + Send + 'a>>;

/// Returns the verified token of the request, with `Lookup::Hit` if its signature was verified
/// before.  Returns the refusal for `operation` if the token is missing or invalid.
pub(super) async fn authenticate(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &'static Operation,
) -> Result<(AccessToken, Lookup), Refusal> {
    match recognize(parts, server, server.now(), false) {
        Some(Ok(token)) => Ok((token, Lookup::Hit)),
        Some(Err(error)) => Err(unauthenticated(error, server, operation, parts)),
        None => verify(parts, server, operation).await,
    }
}

/// Verifies the token of a request and its proofs of possession, and attaches the token to the
/// request. Returns `Lookup::Hit` if the signature of the token was verified before: for the token
/// of a session, and for a token with a DPoP proof. Call this function after `recognize` has
/// returned `None`.
pub(super) fn verify<'a>(
    parts: &'a mut Parts,
    server: &'a ResourceServer,
    operation: &'static Operation,
) -> Verification<'a> {
    Box::pin(async move {
        if server.takes_cookies()
            && server.load_session(parts).await
            && let Some(recognized) = recognize(parts, server, server.now(), true)
        {
            let token =
                recognized.map_err(|error| unauthenticated(error, server, operation, parts))?;
            return Ok((token, Lookup::Hit));
        }
        let (verified, lookup) = verified_credential(parts, server).await.map_err(|error| {
            if error.kind() == RefusalKind::InsecureTransport {
                telemetry::insecure_transport(error.rule(), peer(parts));
            }
            unauthenticated(error, server, operation, parts)
        })?;
        let mut token = verified.token().clone();
        attach(parts, server, verified);
        if needs_proof(token.presentation(), &token) {
            let proven = judge_proofs(parts, server, &mut token).await;
            proven.map_err(|error| unauthenticated(error, server, operation, parts))?;
        }
        Ok((token, lookup))
    })
}

/// Returns the verified credential of the request. A token that is known was verified before, and
/// only its DPoP proof has not been judged.
async fn verified_credential(
    parts: &Parts,
    server: &ResourceServer,
) -> Result<(VerifiedCredential, Lookup), TokenError> {
    let credential = server.credential(parts);
    if let Ok(found) = credential
        && found.presentation == Presentation::Dpop
        && let Some(known) = server.recall(found, server.now())
    {
        return Ok((known?, Lookup::Hit));
    }
    Ok((server.verify_unseen(credential).await?, Lookup::Miss))
}

/// Builds and logs the refusal of a request without a valid token. The challenge names the scopes of
/// all guards of the request.
pub(super) fn unauthenticated(
    error: TokenError,
    server: &ResourceServer,
    operation: &'static Operation,
    parts: &Parts,
) -> Refusal {
    telemetry::unauthenticated(operation.name, &error);
    let stated = combination(parts, operation).unwrap_or(operation);
    server.refusals().refuse(error, &stated.requirement, parts)
}

impl<S> FromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let server = state.resource_server();
        // The compiler generates this function for each state type. It stays small because the
        // future of `verify` is boxed.
        match recognize(parts, server, server.now(), false) {
            Some(Ok(token)) => {
                telemetry::authenticated(Lookup::Hit);
                Ok(token)
            }
            Some(Err(error)) => Err(unauthenticated(error, server, &ANY_TOKEN, parts)),
            None => {
                let (token, lookup) = verify(parts, server, &ANY_TOKEN).await?;
                telemetry::authenticated(lookup);
                Ok(token)
            }
        }
    }
}

impl<S> OptionalFromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        let server = state.resource_server();
        if is_anonymous(parts, server).await {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// Returns true if the request counts as one without credentials. Returns false for invalid
/// credentials and for credentials in another place or of another scheme, because requests with
/// these credentials are refused (RFC 6750 section 3.1).
///
/// A cookie does not count if a page of another site caused the request, or if its session has
/// ended: the caller has not chosen to send it.
pub(super) async fn is_anonymous(parts: &Parts, server: &ResourceServer) -> bool {
    if server.takes_cookies() {
        server.load_session(parts).await;
    }
    server.credential(parts).is_err_and(Fault::is_anonymous)
}
