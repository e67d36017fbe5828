//! The outcome of a guard, now or later.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::proof_memory::Life;
use crate::refusal::Refusal;
use crate::token::AccessToken;

/// The token of a request that is let through.
pub(crate) struct Admitted {
    pub(super) token: AccessToken,
    /// Where there is a memory of proofs that ends with the guard.
    pub(super) life: Option<Life>,
}

/// The part of a guard that is compiled into each handler's future: one pointer, and that only where
/// there is something to wait for or to refuse.
pub(crate) enum Admission<'a> {
    AtOnce(Option<AccessToken>),
    Later(Decided<'a>),
}

pub(super) type Decided<'a> = Pin<Box<dyn Future<Output = Result<Admitted, Refusal>> + Send + 'a>>;

impl Future for Admission<'_> {
    type Output = Result<Admitted, Refusal>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            // Nobody asks again for what was given.
            Self::AtOnce(token) => token
                .take()
                .map_or(Poll::Pending, |token| Poll::Ready(Ok(Admitted { token, life: None }))),
            Self::Later(later) => later.as_mut().poll(context),
        }
    }
}
