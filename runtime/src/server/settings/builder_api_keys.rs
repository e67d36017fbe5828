//! The setting of API keys.

use super::builder::ResourceServerBuilder;
use crate::api_key::ApiKeys;

impl ResourceServerBuilder {
    /// Accepts API keys beside tokens. A key yields an [`AccessToken`](crate::AccessToken) with the
    /// issuer `api-keys`, so policies, extractors and documents treat both alike. A request that
    /// presents a key and a token is refused with 400. A server may have API keys and no issuer.
    ///
    /// If the builder has API keys already, for example from a configuration file, the keys are
    /// added to them. A look-up and limits of look-ups replace earlier ones.
    ///
    /// The guide has a page about [API keys](crate::guide::api_keys).
    #[must_use]
    pub fn api_keys(mut self, keys: ApiKeys) -> Self {
        self.api_keys = Some(match self.api_keys.take() {
            Some(earlier) => earlier.merge(keys),
            None => keys,
        });
        self
    }
}
