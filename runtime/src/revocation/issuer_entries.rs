//! Entries of the revocation list that concern the tokens of one issuer.

use std::collections::HashSet;

use super::entry::ByName;
use super::target::Kind;
use super::timestamp::Timestamp;
use crate::identity::AccessToken;
use crate::json::Item;
use crate::token::Dialect;

pub(super) type Entries = HashSet<ByName>;

#[derive(Default)]
pub(super) struct IssuerEntries {
    tokens: Entries,
    sessions: Entries,
    subjects: Entries,
    clients: Entries,
    /// Set with at most one entry, which concerns the tokens of all subjects and clients of the
    /// issuer. The name of this entry is empty.
    all: Entries,
}

impl IssuerEntries {
    pub(super) fn of_kind(&self, kind: Kind) -> &Entries {
        match kind {
            Kind::Token => &self.tokens,
            Kind::Session => &self.sessions,
            Kind::Subject => &self.subjects,
            Kind::Client => &self.clients,
            Kind::Issuer => &self.all,
        }
    }

    pub(super) fn of_kind_mut(&mut self, kind: Kind) -> &mut Entries {
        match kind {
            Kind::Token => &mut self.tokens,
            Kind::Session => &mut self.sessions,
            Kind::Subject => &mut self.subjects,
            Kind::Client => &mut self.clients,
            Kind::Issuer => &mut self.all,
        }
    }

    /// Returns true if an entry of this issuer revokes the token.
    pub(super) fn concerns(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        contains_claim(&self.tokens, token, "jti")
            || contains_claim(&self.sessions, token, "sid")
            || covers(&self.subjects, token, AccessToken::subject)
            || covers(&self.clients, token, |token| dialect.client(token.claims()))
            || covers(&self.all, token, |_| Some(""))
    }
}

/// Returns true if the value of the claim is the name of one of the entries. Also returns true if
/// there are entries and the value is not a string, because a value of another type cannot be
/// compared with the names.
fn contains_claim(entries: &Entries, token: &AccessToken, claim: &str) -> bool {
    !entries.is_empty()
        && match token.claims().get(claim) {
            None | Some(Item::Null) => false,
            Some(Item::String(name)) => entries.contains(name),
            Some(_) => true,
        }
}

/// Returns true if one of the entries has the name that the function `name` returns for the token,
/// and if this entry revokes tokens with the token's `iat`.
fn covers(
    entries: &Entries,
    token: &AccessToken,
    name: impl FnOnce(&AccessToken) -> Option<&str>,
) -> bool {
    // Usually the set `entries` is empty. Returning here then saves the look-up of the claim.
    if entries.is_empty() {
        return false;
    }
    let entry = name(token).and_then(|name| entries.get(name));
    let issued_at = token.issued_at().map(Timestamp::of);
    entry.is_some_and(|ByName(entry)| entry.covers(issued_at))
}
