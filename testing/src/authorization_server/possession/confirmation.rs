//! The keys to which a token is bound (RFC 7800 section 3.1).

use serde_json::{Map, Value};

/// The thumbprints of the keys to which a token is bound, in base64url. A token without a
/// thumbprint is a bearer token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Confirmation {
    /// The thumbprint of the key that makes DPoP proofs (RFC 9449 section 6.1).
    pub(in super::super) jkt: Option<String>,
    /// The thumbprint of the client certificate (RFC 8705 section 3.1).
    pub(in super::super) x5t: Option<String>,
}

impl Confirmation {
    /// Returns the claim `cnf` of a token, or `None` for a bearer token.
    pub(in super::super) fn claim(&self) -> Option<Map<String, Value>> {
        let members = [("jkt", &self.jkt), ("x5t#S256", &self.x5t)];
        let claim: Map<String, Value> = members
            .into_iter()
            .filter_map(|(name, thumbprint)| Some((name.to_owned(), thumbprint.clone()?.into())))
            .collect();
        if claim.is_empty() { None } else { Some(claim) }
    }

    /// Returns the type of the token in a token response (RFC 9449 section 5).
    pub(in super::super) fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { "DPoP" } else { "Bearer" }
    }

    /// Returns true if a request that proves these keys may use a token that is bound to `self`.
    pub(in super::super) fn is_proven_by(&self, proven: &Self) -> bool {
        (self.jkt.is_none() || self.jkt == proven.jkt)
            && (self.x5t.is_none() || self.x5t == proven.x5t)
    }
}
