//! Mutexes whose holders leave nothing half done.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A transition that panicked left the state as it was before or after: there is no half of it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
