//! The reading turned round, for the tokens that tests make.

use serde_json::{Map, Value};

use super::Dialect;

impl Dialect {
    /// Makes the claims of RFC 9068 those of this provider.
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

    /// Where a client is written: where RFC 9068 demands it too, and nowhere where that is the
    /// audience.
    pub(crate) fn client_claims(&self) -> impl Iterator<Item = &'static str> {
        let first = self.client.iter().copied().take(1);
        let names = first.chain(["client_id"]);
        names.filter(|name| *name != self.audience)
    }

    /// The way to where roles are written; none where they are not.
    pub(crate) fn role_path(&self) -> &'static [&'static str] {
        self.roles
    }
}
