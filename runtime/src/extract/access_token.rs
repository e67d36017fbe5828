//! The verified token of a request, verified once however many extractors ask for it.

use std::pin::Pin;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::request_token::{carry, recognize};
use crate::credential::NoToken;
use crate::error::TokenError;
use crate::policy::{Operation, Requirement};
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::telemetry::{self, Lookup};
use crate::token::AccessToken;

/// A valid token and nothing else.
static ANY_TOKEN: Operation = Operation::new("an extractor", Requirement::All(&[]));

type Verifying<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Refusal>> + Send + 'a>>;

/// The token of the request and how it was known, or the refusal of this operation.
pub(super) async fn authenticate(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &'static Operation,
) -> Result<(AccessToken, Lookup), Refusal> {
    match recognize(parts, server, server.now(), false) {
        Some(Ok(token)) => Ok((token, Lookup::Hit)),
        Some(Err(kind)) => Err(unauthenticated(kind.into(), server, operation)),
        None => {
            let token = verify(parts, server, operation).await?;
            Ok((token, Lookup::Miss))
        }
    }
}

/// Verifies the token of a request that was not recognized. The request carries it from then on.
pub(super) fn verify<'a>(
    parts: &'a mut Parts,
    server: &'a ResourceServer,
    operation: &'static Operation,
) -> Verifying<'a> {
    Box::pin(async move {
        let verified = server.verify_unseen(server.credential(parts)).await;
        let verified = verified.map_err(|error| unauthenticated(error, server, operation))?;
        let token = verified.token.clone();
        carry(parts, server, verified);
        Ok(token)
    })
}

/// The refusal of a request without a good token.
pub(super) fn unauthenticated(
    error: TokenError,
    server: &ResourceServer,
    operation: &'static Operation,
) -> Refusal {
    telemetry::unauthenticated(operation.name, error.kind().code());
    server.refusals().refuse(error, &operation.requirement)
}

impl<S> FromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let server = state.resource_server();
        // What is compiled for each handler is little, and so is what waits.
        match recognize(parts, server, server.now(), false) {
            Some(Ok(token)) => {
                telemetry::authenticated(Lookup::Hit);
                Ok(token)
            }
            Some(Err(kind)) => Err(unauthenticated(kind.into(), server, &ANY_TOKEN)),
            None => {
                let token = verify(parts, server, &ANY_TOKEN).await?;
                telemetry::authenticated(Lookup::Miss);
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
        if is_anonymous(parts, server) {
            return Ok(None);
        }
        let token = <Self as FromRequestParts<S>>::from_request_parts(parts, state).await;
        token.map(Some)
    }
}

/// Anonymous is who brings no credentials; who brings bad ones, or those of another scheme, is
/// refused (RFC 6750 section 3.1).
pub(super) fn is_anonymous(parts: &Parts, server: &ResourceServer) -> bool {
    server.credential(parts).err() == Some(NoToken::Absent)
}
