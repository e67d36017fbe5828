//! The guard: a value that can only be extracted from a request that satisfies a policy.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::admission::Admitted;
use super::guard::admit;
use super::proof_memory::MemoryOwner;
use crate::check::CheckList;
use crate::identity::AccessToken;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;

/// Proof that the request's token satisfies the policy `P`.
///
/// A value of this type can only be created by extraction from a request. `#[protected]` adds an
/// `Authorized<P>` as the first argument of a handler; this argument is the guard of the handler.
/// The guard therefore runs before every other extractor and before the body is read, and the
/// handler cannot be called without the guard.
///
/// A proof does not contain the object, for example the order, that a check decided about. Use the
/// proof only for the object that the request names.
///
/// # Proofs beside the guard
///
/// An argument `Authorized<P>` of a `#[protected]` handler does not run the checks of `P` again if
/// the guard of the handler ran them. The checks run again in these cases:
///
/// - if an extractor between the guard and the argument changed the token, the method, the URI, the
///   version or a header of the request;
/// - if the proof is extracted from a clone of the request's `Parts`;
/// - if the attribute cannot recognise the argument, because another extractor contains the proof
///   or the type is written under another name, such as an alias.
///
/// An extractor between the guard and the argument must not change an extension that a check reads,
/// because this crate cannot detect changes of extensions.
///
/// A function that wraps a handler and takes the guard of that handler must also take the other
/// proofs of the handler. Otherwise, if the function keeps the guard and passes the request to a
/// handler with another state, that handler may receive a proof although its checks did not run.
pub struct Authorized<P> {
    token: AccessToken,
    /// The owner of the request's `ProofMemory`, which keeps the `ProofMemory` valid for the other
    /// arguments of the handler.
    _memory: Option<MemoryOwner>,
    policy: PhantomData<fn() -> P>,
}

impl<P> Authorized<P> {
    /// Returns the token that satisfied the policy.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    pub(super) fn into_token(self) -> AccessToken {
        self.token
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
        // The compiler generates this code for each handler. The code avoids `?` to stay small.
        match admit::<P::Checks, S>(parts, state, operation, policy).await {
            Ok(Admitted { token, memory }) => {
                Ok(Self { token, _memory: memory, policy: PhantomData })
            }
            Err(refusal) => Err(refusal),
        }
    }
}

impl<P> fmt::Debug for Authorized<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorized").finish_non_exhaustive()
    }
}
