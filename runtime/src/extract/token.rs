//! The verified token of a request, verified once however many extractors ask for it.

use std::sync::Arc;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::bearer::NoToken;
use crate::policy::{Operation, Requirement};
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::telemetry::{self, Lookup};
use crate::token::AccessToken;

/// A valid token and nothing else.
static ANY_TOKEN: Operation = Operation::new("an extractor", Requirement::All(&[]));

/// In the request's extensions: what was verified for this request, by which server, of which
/// credential. Another server's word, as in a router nested under a state of its own, counts for
/// nothing, and so does what was said before a middleware changed the request.
#[derive(Clone)]
struct Verified {
    server: ResourceServer,
    credential: Arc<[u8]>,
    token: AccessToken,
}

impl Verified {
    /// And still good: a middleware may have taken its time.
    fn is_of(&self, server: &ResourceServer, parts: &Parts) -> bool {
        self.server.is(server)
            && server.credential(parts) == Ok(&*self.credential)
            && server.judge_again(&self.token).is_ok()
    }
}

/// The token of the request and how it was known, or the refusal of this operation.
pub(super) async fn authenticate(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &'static Operation,
) -> Result<(AccessToken, Lookup), Refusal> {
    if let Some(verified) = parts.extensions.get::<Verified>()
        && verified.is_of(server, parts)
    {
        return Ok((verified.token.clone(), Lookup::Hit));
    }
    match server.authenticate_request(parts).await {
        Ok((token, lookup)) => {
            // Otherwise the server remembers it, at no cost for requests that ask once.
            if !server.keeps_verified_tokens()
                && let Ok(credential) = server.credential(parts).map(Arc::from)
            {
                parts.extensions.insert(Verified {
                    server: server.clone(),
                    credential,
                    token: token.clone(),
                });
            }
            Ok((token, lookup))
        }
        Err(error) => {
            telemetry::unauthenticated(operation.name, error.kind().code());
            Err(server.refusals().refuse(error, &operation.requirement))
        }
    }
}

impl<S> FromRequestParts<S> for AccessToken
where
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let found = authenticate(parts, state.resource_server(), &ANY_TOKEN).await;
        let (token, lookup) = found?;
        telemetry::authenticated(lookup);
        Ok(token)
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
    server.credential(parts) == Err(NoToken::Absent)
}
