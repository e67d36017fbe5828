//! The wall clock that `exp`, `nbf` and `iat` are compared with.

use std::fmt;
use std::time::SystemTime;

/// Tells the wall-clock time. [`SystemClock`] unless a test says otherwise.
///
/// Only the claims of tokens, and how long they stay revoked, are compared with it; how long keys are
/// held is measured on the monotonic clock, which an operator's correction of the time does not move.
///
/// ```
/// use std::time::SystemTime;
///
/// #[derive(Debug)]
/// struct Stopped(SystemTime);
///
/// impl axum_protected::clock::Clock for Stopped {
///     fn now(&self) -> SystemTime {
///         self.0
///     }
/// }
/// ```
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "it knows nothing itself")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
