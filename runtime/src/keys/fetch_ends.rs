//! Notifies streams and websockets that an issuer's keys may have changed.

use tokio::sync::watch;

use super::Keys;
use super::fetch_task::Published;

/// Receiver that is notified when a fetch of one issuer's keys ends.
pub(crate) struct Changes(watch::Receiver<Published>);

impl Changes {
    /// Waits until a fetch of the issuer's keys ends or the `Keys` no longer exist. This function
    /// is cancel safe.
    pub(crate) async fn next(&mut self) {
        let _ = self.0.changed().await;
    }
}

impl Keys {
    /// Returns a receiver that is notified of each fetch that ends after this call.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.shared.published.subscribe())
    }
}
