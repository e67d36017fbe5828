//! The future of a guard's result, which may be ready immediately.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::proof_memory::MemoryOwner;
use crate::identity::AccessToken;
use crate::refusal::Refusal;

/// The token of a request that the guard allows, together with the owner of the request's
/// `ProofMemory`.
pub(crate) struct Admitted {
    pub(super) token: AccessToken,
    /// The owner that keeps the `ProofMemory` of the request valid. `None` if the handler needs no
    /// `ProofMemory`.
    pub(super) memory: Option<MemoryOwner>,
}

/// The future of the guard's result, stored in the future of each handler. The guard allocates a
/// boxed future only if it must await something or refuse the request.
pub(crate) enum Admission<'a> {
    /// The guard allows the request with this token. `None` after the first poll.
    Granted(Option<AccessToken>),
    Pending(AdmissionFuture<'a>),
}

pub(super) type AdmissionFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Admitted, Refusal>> + Send + 'a>>;

impl Future for Admission<'_> {
    type Output = Result<Admitted, Refusal>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            // `token` is `None` only if the future is polled after it was ready, which callers must
            // not do.
            Self::Granted(token) => token
                .take()
                .map_or(Poll::Pending, |token| Poll::Ready(Ok(Admitted { token, memory: None }))),
            Self::Pending(future) => future.as_mut().poll(context),
        }
    }
}
