//! Revokes tokens in all instances of the server.

use std::time::Duration;

use crate::revocation::{Revocation, RevocationError};
use crate::server::ResourceServer;

/// The time for which API keys stay revoked.
const KEY_PERIOD: Duration = Duration::from_secs(24 * 60 * 60);

impl ResourceServer {
    /// Revokes tokens for the longest lifetime of a token of their issuer. All revocations take effect
    /// here before the first one is awaited. Returns when all instances of the server know of them.
    pub(super) async fn revoke_everywhere(
        &self,
        revocations: Vec<Revocation>,
    ) -> Result<(), RevocationError> {
        let now = self.now();
        let running: Vec<_> = revocations
            .into_iter()
            .map(|revocation| {
                let issuer = self.inner().issuers.get(revocation.of_issuer());
                let period = issuer.map_or(KEY_PERIOD, |issuer| issuer.token_lifetime);
                let until = now.checked_add(period).unwrap_or(now);
                self.revocations().revoke(revocation, until)
            })
            .collect();
        let mut result = Ok(());
        for revoked in running {
            result = result.and(match revoked.await {
                // There are no such tokens.
                Err(
                    RevocationError::UnknownIssuer
                    | RevocationError::Over
                    | RevocationError::NameTooLong,
                ) => Ok(()),
                revoked => revoked,
            });
        }
        result
    }
}
