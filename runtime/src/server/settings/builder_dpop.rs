//! The setting of the server for tokens that are bound to the key of a client.

use std::sync::Arc;

use super::builder::ResourceServerBuilder;
use crate::dpop::{Dpop, ReplayStore};

impl ResourceServerBuilder {
    /// Accepts access tokens that are bound to a key by DPoP (RFC 9449): with the scheme `DPoP` in
    /// `Authorization`, and with a proof of possession in the header `DPoP`. Default: a token that is
    /// bound to a key is refused.
    ///
    #[cfg_attr(feature = "dpop", doc = "```")]
    #[cfg_attr(not(feature = "dpop"), doc = "```no_run")]
    /// use axum_protected::ResourceServer;
    /// use axum_protected::dpop::Dpop;
    ///
    /// let server = ResourceServer::builder()
    ///     .issuer("https://id.example.com")
    ///     .audience("https://api.example.com")
    ///     .public_url("https://api.example.com")
    ///     .dpop(Dpop::new())
    ///     .build()?;
    /// # Ok::<(), axum_protected::ConfigError>(())
    /// ```
    ///
    /// A proof names the URL of its request. The server compares it with the
    /// [`public_url`](Self::public_url), or else with the [`resource`](Self::resource), so one of
    /// them must be set.
    #[must_use]
    pub fn dpop(mut self, settings: Dpop) -> Self {
        self.dpop = Some(settings);
        self
    }
    /// Sets the store of used proofs, as [`Dpop::replay_store`] does, for settings of DPoP that come
    /// from a file or from variables. Default: the store of these settings, if they have one. Without
    /// DPoP the store has no effect, so a program may always set it.
    #[must_use]
    pub fn replay_store(mut self, store: impl ReplayStore) -> Self {
        self.replay_store = Some(Arc::new(store));
        self
    }
}
