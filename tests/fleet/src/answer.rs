//! The answer of an instance to one request.

use tokio::time::Instant;

/// One request with its times, by the monotonic clock of this process.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) sent: Instant,
    pub(crate) received: Instant,
    pub(crate) outcome: Outcome,
}

/// The outcome of a request. The texts are parts of the answers, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    /// 401 or 403.
    Refused(String),
    /// 503.
    Unavailable(String),
    /// Another status, or an error of the connection.
    Failed(String),
}

/// The longest part of an answer that a message quotes.
const QUOTED: usize = 300;

impl Outcome {
    pub(crate) fn of(status: u16, body: &str) -> Self {
        let text = || format!("{status}: {}", body.chars().take(QUOTED).collect::<String>());
        match status {
            200..=299 => Self::Accepted,
            401 | 403 => Self::Refused(text()),
            503 => Self::Unavailable(text()),
            _ => Self::Failed(text()),
        }
    }

    /// Returns true for the refusal of a token because it is revoked.
    pub(crate) fn is_revoked(&self) -> bool {
        matches!(self, Self::Refused(text) if text.contains("revoked"))
    }
}
