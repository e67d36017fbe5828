//! Checks the settings of an issuer for back-channel logouts and for the length of revocations.

use std::time::Duration;

use super::Defaults;
use crate::redaction::redacted;
use crate::server::Issuer;

/// The longest accepted lifetime of a token.
const LIFETIME_LIMIT: Duration = Duration::from_secs(366 * 24 * 60 * 60);

impl Issuer {
    /// Checks `logout_clients` and `token_lifetime`.
    pub(super) fn check_logout_clients(&self, defaults: &Defaults<'_>, problems: &mut Vec<String>) {
        for (index, client) in self.logout_clients.iter().enumerate() {
            if client.trim().is_empty() {
                problems.push(self.problem("logout_clients", "contains an empty client id"));
            }
            if self.logout_clients.iter().take(index).any(|earlier| earlier == client) {
                let client = redacted(client);
                problems.push(self.problem("logout_clients", format!("contains `{client}` twice")));
            }
        }
        if !self.logout_clients.is_empty()
            && let Err(problem) = self.signs_for_others()
        {
            problems.push(self.problem("logout_clients", problem));
        }
        let is_revoked = !self.logout_clients.is_empty() || defaults.receives_events;
        let horizon = defaults.revocation_horizon.filter(|_| is_revoked);
        problems.extend(self.lifetime_problem(horizon));
    }

    /// Returns an error if the server has no keys with which only the issuer can sign. The error is
    /// the predicate of a problem.
    pub(super) fn signs_for_others(&self) -> Result<(), &'static str> {
        if !self.needs_keys() {
            return Err(
                "cannot be used, because `introspection.mode` is `only`, so that the server \
                        has no keys of the issuer: set `introspection.mode` to `opaque`",
            );
        }
        if self.shared_secret.is_some() || self.shared_secret_file.is_some() {
            return Err("cannot be used, because the issuer has a shared secret, with which this \
                        server could sign itself: use an issuer that publishes its keys");
        }
        Ok(())
    }

    fn lifetime_problem(&self, horizon: Option<Duration>) -> Option<String> {
        let lifetime = self.token_lifetime;
        if lifetime.is_zero() {
            return Some(self.problem("token_lifetime", "is zero"));
        }
        if lifetime > LIFETIME_LIMIT {
            return Some(self.problem("token_lifetime", "is longer than 366 days"));
        }
        let horizon = horizon.filter(|horizon| *horizon < lifetime)?;
        Some(self.problem(
            "token_lifetime",
            format!(
                "is {} s, and the `horizon` of the revocation feed is {} s: set `token_lifetime` to \
                 the longest lifetime of the issuer's access tokens, and `horizon` to at least that",
                lifetime.as_secs(),
                horizon.as_secs()
            ),
        ))
    }
}
