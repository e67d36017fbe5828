//! The verified token of a request, verified once however many extractors ask for it.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::error::TokenErrorKind;
use crate::policy::Requirement;
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::token::AccessToken;

/// A valid token and nothing else.
const ANY_TOKEN: Requirement = Requirement::All(&[]);

/// In the request's extensions: what this server has verified for this request. Another server's
/// word, as in a router nested under a state of its own, counts for nothing.
#[derive(Clone)]
struct VerifiedBy(ResourceServer, AccessToken);

/// The token of the request, or the refusal of an operation with this requirement.
pub(super) async fn authenticate(
    parts: &mut Parts,
    server: &ResourceServer,
    requirement: &Requirement,
) -> Result<AccessToken, Refusal> {
    if let Some(VerifiedBy(verifier, token)) = parts.extensions.get()
        && verifier.is(server)
    {
        return Ok(token.clone());
    }
    match server.authenticate(&parts.headers).await {
        Ok(token) => {
            let verified = VerifiedBy(server.clone(), token.clone());
            parts.extensions.insert(verified);
            Ok(token)
        }
        Err(error) => {
            tracing::info!(
                code = error.kind().code(),
                "a request was not authenticated"
            );
            Err(Refusal::new(error, requirement, server))
        }
    }
}

impl<S> FromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        authenticate(parts, state.resource_server(), &ANY_TOKEN).await
    }
}

impl<S> OptionalFromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        let outcome = authenticate(parts, state.resource_server(), &ANY_TOKEN).await;
        optional(parts, outcome)
    }
}

/// Anonymous is who brings no credentials; who brings bad ones, or those of another scheme, is
/// refused (RFC 6750 section 3.1).
pub(super) fn optional<T>(
    parts: &Parts,
    outcome: Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    let credentials = parts.headers.contains_key(http::header::AUTHORIZATION);
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(refusal) if refusal.kind() == TokenErrorKind::MissingToken && !credentials => Ok(None),
        Err(refusal) => Err(refusal),
    }
}
