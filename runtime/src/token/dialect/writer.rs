//! Writes the claims of tokens for tests in the form that an issuer uses.

use serde_json::{Map, Value};

use super::Dialect;

impl Dialect {
    /// Replaces the claims of RFC 9068 with the claims that this issuer uses for the same values.
    pub(crate) fn adopt(&self, claims: &mut Map<String, Value>) {
        if let Some(client) = claims.get("client_id").cloned() {
            let clients = self.client_claims();
            claims.extend(clients.map(|name| (name.to_owned(), client.clone())));
        }
        if let Some(name) = &self.audience
            && let Some(audience) = claims.remove("aud")
        {
            claims.insert(name.clone(), audience);
        }
        if let Some((name, value)) = &self.kind {
            claims.insert(name.clone(), value.as_str().into());
        }
    }

    /// Returns the names of the claims that hold the client: the first client claim of the issuer,
    /// and `client_id` (RFC 9068 section 2.2). If one of these claims is the claim that holds the
    /// audience, it is left out.
    pub(crate) fn client_claims(&self) -> impl Iterator<Item = &str> {
        let first = self.client.iter().map(String::as_str).take(1);
        first.chain(["client_id"]).filter(|name| Some(*name) != self.audience.as_deref())
    }

    /// Returns the path of the claim that holds the roles in a token for this audience. The path is
    /// empty if tokens of the issuer have no roles.
    pub(crate) fn role_path(&self, audience: &str) -> Vec<String> {
        self.roles.first().map(|path| path.with_audience(audience)).unwrap_or_default()
    }

    /// Returns the path of the claim that holds the scopes.
    pub(crate) fn scope_path(&self) -> Vec<String> {
        let configured = self.scopes.as_ref().and_then(|paths| paths.first());
        configured.cloned().unwrap_or_else(|| vec!["scope".to_owned()])
    }
}
