//! Locks mutexes whose values are valid even after a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex and ignores poisoning. If a thread panics while it changes the value in the mutex,
/// the mutex contains the old value or the new value afterwards, and both values are valid.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
