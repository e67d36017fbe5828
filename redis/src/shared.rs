//! A connection that all calls use together.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::connection::Connection;
use crate::failure::Failure;

/// Connection to one server, which is opened when a call needs it.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Option<Arc<Connection>>>);

/// Connection for a call.
pub(crate) struct Lease {
    pub(crate) connection: Arc<Connection>,
    /// True if the connection was opened for an earlier call. The server may have closed it since.
    pub(crate) is_old: bool,
}

impl Shared {
    /// Returns the connection, or opens it with `open`. Only one call opens it at a time.
    pub(crate) async fn lease(
        &self,
        open: impl Future<Output = Result<Connection, Failure>>,
    ) -> Result<Lease, Failure> {
        let mut slot = self.0.lock().await;
        if let Some(connection) = slot.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(Lease { connection: Arc::clone(connection), is_old: true });
        }
        let connection = Arc::new(open.await?);
        *slot = Some(Arc::clone(&connection));
        Ok(Lease { connection, is_old: false })
    }

    /// Makes the next call open another connection than this one.
    pub(crate) async fn forget(&self, connection: &Arc<Connection>) {
        let mut slot = self.0.lock().await;
        if slot.as_ref().is_some_and(|current| Arc::ptr_eq(current, connection)) {
            *slot = None;
        }
    }
}
