//! What outlives a request asks to be told when the keys may be others.

use tokio::sync::watch;

use super::Keys;
use super::fetching::Published;

/// The fetches of one issuer that ended since it was made.
pub(crate) struct Changes(watch::Receiver<Published>);

impl Changes {
    /// Waits for the end of a fetch, or of the keys themselves; leaving loses nothing.
    pub(crate) async fn next(&mut self) {
        let _ = self.0.changed().await;
    }
}

impl Keys {
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.shared.published.subscribe())
    }
}
