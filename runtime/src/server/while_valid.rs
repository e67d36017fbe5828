//! The wrapper that ends a stream when its token becomes invalid.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::task::coop::{poll_proceed, unconstrained};

use crate::error::TokenError;
use crate::telemetry;

type End = Pin<Box<dyn Future<Output = TokenError> + Send>>;

pin_project! {
    /// A stream that ends when its token becomes invalid.
    /// [`ResourceServer::while_valid`](crate::ResourceServer::while_valid) creates it.
    #[must_use = "a stream does nothing before it is polled"]
    pub struct WhileValid<S> {
        #[pin]
        stream: Option<S>,
        end: End,
    }
}

impl<S: Stream> WhileValid<S> {
    pub(super) fn new(stream: S, end: impl Future<Output = TokenError> + Send + 'static) -> Self {
        Self {
            stream: Some(stream),
            // `end` must report an invalid token even in a task that has used up tokio's
            // cooperative budget, so `unconstrained` exempts it from the budget.
            end: Box::pin(unconstrained(end)),
        }
    }
}

impl<S: Stream> Stream for WhileValid<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        // Each poll consumes a unit of tokio's cooperative budget. A stream that is always ready
        // therefore returns control to tokio regularly, and timers fire.
        let budget = ready!(poll_proceed(context));
        let item = match this.end.as_mut().poll(context) {
            Poll::Ready(error) => {
                telemetry::stream_ended(&error);
                None
            }
            Poll::Pending => ready!(stream.poll_next(context)),
        };
        budget.made_progress();
        if item.is_none() {
            this.stream.set(None);
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.stream.as_ref().map_or(Some(0), |stream| stream.size_hint().1))
    }
}

impl<S> fmt::Debug for WhileValid<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WhileValid").finish_non_exhaustive()
    }
}
