//! What outlives a request asks to be told when the keys may be others.

use tokio::sync::watch;
use tokio::time::Instant;

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

    /// When the set that is held is given up unless a fetch succeeds before; `None` where it never is.
    pub(crate) fn keep_until(&self) -> Option<Instant> {
        let published = self.shared.published.borrow();
        published.set.as_ref()?.keep_until
    }
}
