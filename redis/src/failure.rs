//! The error of a call to a Redis server.

use std::error::Error;
use std::fmt;
use std::io;

use redis::{RedisError, ServerError};

/// Longest part of a server's text that an error has, in characters.
const LIMIT: usize = 200;

/// Error of a call. Its text contains no password, and nothing of the records of the log.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: FailureKind,
    text: String,
}

/// The kinds of errors that need different treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The connection was closed before the answer came. The command may have been executed.
    Dropped,
    /// The answer did not come in time. The command may have been executed.
    TimedOut,
    /// An answer has more bytes than any valid one.
    TooLong,
    /// The server does not accept writes, because it became a replica.
    ReadOnly,
    /// Another node of the cluster has the key. The text is its address.
    Moved(String),
    /// The key is on its way to another node of the cluster. The text is its address.
    Ask(String),
    /// All other errors.
    Other,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { kind: FailureKind::Other, text: text.into() }
    }

    pub(crate) fn timed_out() -> Self {
        Self { kind: FailureKind::TimedOut, text: "did not answer in time".to_owned() }
    }

    pub(crate) fn too_long() -> Self {
        let text = "sent an answer of more than 32 MiB".to_owned();
        Self { kind: FailureKind::TooLong, text }
    }

    /// Returns the error for an answer that is not an answer to the command.
    pub(crate) fn unexpected(command: &str) -> Self {
        Self::new(format!("the answer to `{command}` is not understood"))
    }

    /// Returns the error of an answer that is an error.
    pub(crate) fn answered(error: &ServerError) -> Self {
        // The error of an unknown command repeats the arguments, which may be a record.
        let details = error.details().unwrap_or_default();
        let details = details.split(", with args").next().unwrap_or_default();
        let kind = match error.code() {
            "READONLY" => FailureKind::ReadOnly,
            "MOVED" => redirection(details).map_or(FailureKind::Other, FailureKind::Moved),
            "ASK" => redirection(details).map_or(FailureKind::Other, FailureKind::Ask),
            _ => FailureKind::Other,
        };
        let details: String = details.chars().take(LIMIT).collect();
        Self { kind, text: format!("answered with the error `{}: {details}`", error.code()) }
    }

    pub(crate) fn kind(&self) -> &FailureKind {
        &self.kind
    }

    /// Adds the address of the server to the text.
    pub(crate) fn of(self, server: impl fmt::Display) -> Self {
        Self { text: format!("the Redis server `{server}` {}", self.text), ..self }
    }

    /// Adds a sentence to the text of an error of this kind.
    pub(crate) fn with_hint(self, kind: &FailureKind, hint: impl fmt::Display) -> Self {
        if self.kind != *kind {
            return self;
        }
        Self { text: format!("{}: {hint}", self.text), ..self }
    }

    /// Returns true if a new connection may lead to another result, because the server has closed
    /// this one, or is no longer the one that has the key.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.kind, FailureKind::Dropped | FailureKind::ReadOnly | FailureKind::Moved(_))
    }
}

/// Returns the address in the details of a redirection: `3999 127.0.0.1:6381`.
fn redirection(details: &str) -> Option<String> {
    details.split_ascii_whitespace().nth(1).map(str::to_owned)
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        if error.is_timeout() {
            return Self::timed_out();
        }
        if error.is_io_error() {
            // The client of the crate `redis` also closes a connection whose answers it cannot read.
            // It does not show the error that precedes the end of a connection above `maxclients`.
            let text = "closed the connection, as it does above `maxclients`, or does not speak the \
                        protocol of Redis";
            return Self { kind: FailureKind::Dropped, text: format!("{text}: {error}") };
        }
        // The text of the error may repeat the octets of the answer.
        Self::new(format!("does not speak the protocol of Redis ({:?})", error.kind()))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(format!("cannot be reached: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Error for Failure {}
