//! The setting of the server for revocations that all of its instances share.

use super::builder::ResourceServerBuilder;
use crate::revocation::RevocationFeed;

impl ResourceServerBuilder {
    /// Shares the [`Revocations`](crate::revocation::Revocations) with all other instances of this
    /// API, through a log such as a Redis stream. Default: each process has revocations of its own.
    #[must_use]
    pub fn revocation_feed(mut self, feed: RevocationFeed) -> Self {
        self.revocation_feed = Some(feed);
        self
    }
}
