//! The guard: a value that exists only for a request that satisfies a policy.

use std::fmt;
use std::marker::PhantomData;

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::token::authenticate;
use crate::error::TokenErrorKind;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;
use crate::token::AccessToken;

/// Proof that the request's token satisfies the policy `P`.
///
/// It cannot be made, only extracted, and is the first argument that `#[protected]` gives a
/// handler: so the guard runs before the body is read and before every other extractor, and
/// nothing can call the handler without it.
pub struct Authorized<P> {
    token: AccessToken,
    policy: PhantomData<fn() -> P>,
}

impl<P> Authorized<P> {
    /// The token that satisfied the policy.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }
}

impl<P, S> FromRequestParts<S> for Authorized<P>
where
    P: Policy,
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let operation = P::OPERATION;
        let server = state.resource_server();
        let token = authenticate(parts, server, &operation).await?;
        if !operation.requirement.is_satisfied_by(&token) {
            let (name, code) = (operation.name, TokenErrorKind::InsufficientScope.code());
            tracing::info!(operation = name, code, "a request was refused");
            let error = TokenErrorKind::InsufficientScope.into();
            return Err(Refusal::new(error, &operation.requirement, server));
        }
        tracing::debug!(operation = operation.name, "a request was authorized");
        Ok(Self {
            token,
            policy: PhantomData,
        })
    }
}

impl<P> fmt::Debug for Authorized<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorized").finish_non_exhaustive()
    }
}
