//! Notification of possible key changes, for streams and websockets.

use tokio::sync::watch;

use super::Keys;
use super::fetching::Published;

/// Receiver of the ends of fetches of one issuer.
pub(crate) struct Changes(watch::Receiver<Published>);

impl Changes {
    /// Waits for the end of a fetch, or until the keys are dropped. Cancel safe.
    pub(crate) async fn next(&mut self) {
        let _ = self.0.changed().await;
    }
}

impl Keys {
    /// Returns a receiver that sees every fetch that ends from now on.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.shared.published.subscribe())
    }
}
