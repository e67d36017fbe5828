//! The behaviour of an endpoint, which a test can change, and the number of its requests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(super) struct EndpointState<B> {
    behaviour: Mutex<B>,
    requests: AtomicUsize,
}

impl<B: Clone> EndpointState<B> {
    pub(super) fn set(&self, behaviour: B) {
        *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    pub(super) fn get(&self) -> B {
        self.behaviour.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
