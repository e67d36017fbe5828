//! The result of a guard, available immediately or through a future.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::proof_memory::MemoryOwner;
use crate::refusal::Refusal;
use crate::token::AccessToken;

/// The token of a request that is allowed.
pub(crate) struct Admitted {
    pub(super) token: AccessToken,
    /// Keeps the proof memory of the handler valid, if it has one.
    pub(super) memory: Option<MemoryOwner>,
}

/// The only part of the guard that is compiled into each handler's future: one pointer. It is boxed
/// only if there is something to await or to refuse.
pub(crate) enum Admission<'a> {
    /// `None` once polled.
    Granted(Option<AccessToken>),
    Pending(AdmissionFuture<'a>),
}

pub(super) type AdmissionFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Admitted, Refusal>> + Send + 'a>>;

impl Future for Admission<'_> {
    type Output = Result<Admitted, Refusal>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            // A future is not polled again after it is ready.
            Self::Granted(token) => token
                .take()
                .map_or(Poll::Pending, |token| Poll::Ready(Ok(Admitted { token, memory: None }))),
            Self::Pending(future) => future.as_mut().poll(context),
        }
    }
}
