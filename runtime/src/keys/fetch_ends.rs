//! Notifies streams and websockets that an issuer's keys may have changed.

use tokio::sync::watch;

use super::Keys;
use super::fetching::Published;

/// Receiver that is notified when a fetch of one issuer's keys ends.
pub(crate) struct Changes(watch::Receiver<Published>);

impl Changes {
    /// Waits until a fetch ends or the `Keys` are dropped. This function is cancel safe.
    pub(crate) async fn next(&mut self) {
        let _ = self.0.changed().await;
    }
}

impl Keys {
    /// Returns a receiver for fetches that end after this call.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.shared.published.subscribe())
    }
}
