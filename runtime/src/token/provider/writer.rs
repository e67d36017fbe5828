//! Writes the claims of tokens for tests in the form that a provider uses.

use serde_json::{Map, Value};

use super::Dialect;

impl Dialect {
    /// Replaces the claims of RFC 9068 with the claims that this provider uses for the same values.
    pub(crate) fn adopt(&self, claims: &mut Map<String, Value>) {
        if let Some(client) = claims.get("client_id").cloned() {
            let clients = self.client_claims();
            claims.extend(clients.map(|name| (name.to_owned(), client.clone())));
        }
        if let Some(audience) = claims.remove("aud") {
            claims.insert(self.audience.to_owned(), audience);
        }
        if let Some((name, value)) = self.kind {
            claims.insert(name.to_owned(), value.into());
        }
    }

    /// Returns the names of the claims that hold the client: the first client claim of the
    /// provider, and `client_id` (RFC 9068 section 2.2). If one of these claims is the claim that
    /// holds the audience, it is left out.
    pub(crate) fn client_claims(&self) -> impl Iterator<Item = &'static str> {
        let first = self.client.iter().copied().take(1);
        first.chain(["client_id"]).filter(|name| *name != self.audience)
    }

    /// Returns the path of the claim that holds the roles. The path is empty if tokens of the
    /// provider have no roles.
    pub(crate) fn role_path(&self) -> &'static [&'static str] {
        self.roles
    }
}
