//! The interface of a log of revocations that several processes share.

mod page;
mod position;

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use self::page::{LogPage, LogState};
pub use self::position::LogPosition;

/// Log to which every instance of a server appends its revocations, and which every instance reads.
///
/// The crate `axum-protected-redis` implements it with streams of Redis or Valkey. The texts of the
/// records are opaque to the log.
///
/// The server judges the answers and repairs a log that has lost records: it compares the
/// [`LogState`] of each page with what it knows, reads the log from its start if they do not agree,
/// and appends again what the log lacks. An implementation therefore needs no such rules.
///
/// All methods may run at the same time. The server drops a future to cancel the call.
pub trait RevocationLog: Send + Sync + 'static {
    /// Appends these records in this order. Resolves when the log has all of them, on as many
    /// machines as the implementation was told.
    ///
    /// # Errors
    ///
    /// Returns an error if the log may lack a record. The server then appends the records again, so
    /// the log may contain a record several times.
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()>;

    /// Reads the records after a position, oldest first. `None` is the position before the first
    /// record. Returns at most `limit` records. If there are none, waits until there is one or until
    /// `wait` has passed, and may then return none.
    ///
    /// A page with fewer than `limit` records says that there were no further records. The state in
    /// the page is that of the moment of the reading or of an earlier moment of this call.
    ///
    /// # Errors
    ///
    /// Returns an error if the log does not answer, or if it may not be the newest copy of the log.
    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage>;

    /// Removes all records before this position.
    ///
    /// # Errors
    ///
    /// Returns an error if records may remain. The server tries again later.
    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()>;
}

/// Answer of a [`RevocationLog`].
pub type LogFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

impl<L: RevocationLog + ?Sized> RevocationLog for Arc<L> {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        (**self).append(records)
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        (**self).read(after, limit, wait)
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        (**self).trim(before)
    }
}

impl fmt::Debug for dyn RevocationLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RevocationLog(..)")
    }
}
