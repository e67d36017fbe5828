//! The wall clock that gives the time with which the server compares `exp`, `nbf` and `iat`.

use std::fmt;
use std::time::SystemTime;

/// Source of the wall-clock time. The default is [`SystemClock`]; tests may replace it.
///
/// The server compares the time of this clock with the claims of tokens and with the end times of
/// revocations. The server measures the lifetime of keys with the monotonic clock, which
/// corrections of the wall clock do not change.
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
    /// Returns the current time.
    fn now(&self) -> SystemTime;
}

/// Clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "it has no state")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
