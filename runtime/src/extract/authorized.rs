//! The guard: a value that exists only for a request that satisfies a policy.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::admission::Admitted;
use super::guard::admit;
use super::proof_memory::Life;
use crate::check::CheckList;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;
use crate::token::AccessToken;

/// Proof that the request's token satisfies the policy `P`.
///
/// It says that the caller of this request may do what the policy is for. Which object a check of it
/// was about is not in the type: pass on what the request names, nothing else.
///
/// It cannot be made, only extracted, and is the first argument that `#[protected]` gives a
/// handler: so the guard runs before the body is read and before every other extractor, and
/// nothing can call the handler without it.
pub struct Authorized<P> {
    token: AccessToken,
    /// What the handler's guard found holds for the other arguments as long as this lives.
    _life: Option<Life>,
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
    P: Policy<Checks: CheckList<S>> + 'static,
    S: HasResourceServer + Send + Sync + 'static,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let (operation, policy) = (const { &P::OPERATION }, TypeId::of::<P>());
        // All that is compiled for each handler, and so without `?`.
        match admit::<P::Checks, S>(parts, state, operation, policy).await {
            Ok(Admitted { token, life }) => Ok(Self { token, _life: life, policy: PhantomData }),
            Err(refusal) => Err(refusal),
        }
    }
}

impl<P> fmt::Debug for Authorized<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorized").finish_non_exhaustive()
    }
}
