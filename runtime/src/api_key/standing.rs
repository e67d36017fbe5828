//! The standing of a key in the store.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// The reason why the store has no identity for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// Neither the configuration nor the look-up has the key.
    Unknown,
    /// The look-up failed, or there are too many look-ups.
    Unavailable { cause: Arc<str>, retry_after: Duration },
}

/// The standing of a key that was presented earlier.
pub(crate) enum Standing<I> {
    /// The store has the key, until this time if it was looked up.
    Valid(I, Option<Instant>),
    /// The key is being looked up again.
    Pending,
    Refused(KeyFault),
}
