//! The outcome of an accepted security event.

/// Outcome of a security event that was accepted. The transmitter may be told that it has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// Tokens were revoked. All instances of the server know of it.
    Revoked,
    /// The event has no effect on tokens.
    NoEffect,
    /// The event was received before.
    Repeated,
}
