//! Locks mutexes whose state is valid even after a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks and ignores poisoning: a transition that panics leaves the old state or the new one.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
