//! The revocations of one issuer, and the tokens that they concern.

use std::collections::HashSet;

use super::entry::ByName;
use super::target::Kind;
use crate::json::Item;
use crate::token::AccessToken;

pub(super) type Entries = HashSet<ByName>;

#[derive(Default)]
pub(super) struct OfIssuer {
    tokens: Entries,
    sessions: Entries,
    subjects: Entries,
    clients: Entries,
    /// All tokens of the issuer: one entry, without a name.
    all: Entries,
}

impl OfIssuer {
    pub(super) fn of(&self, kind: Kind) -> &Entries {
        match kind {
            Kind::Token => &self.tokens,
            Kind::Session => &self.sessions,
            Kind::Subject => &self.subjects,
            Kind::Client => &self.clients,
            Kind::Issuer => &self.all,
        }
    }

    pub(super) fn of_mut(&mut self, kind: Kind) -> &mut Entries {
        match kind {
            Kind::Token => &mut self.tokens,
            Kind::Session => &mut self.sessions,
            Kind::Subject => &mut self.subjects,
            Kind::Client => &mut self.clients,
            Kind::Issuer => &mut self.all,
        }
    }

    pub(super) fn concerns(&self, token: &AccessToken) -> bool {
        names(&self.tokens, token, "jti")
            || names(&self.sessions, token, "sid")
            || covers(&self.subjects, token, AccessToken::subject)
            || covers(&self.clients, token, AccessToken::client)
            || covers(&self.all, token, |_| Some(""))
    }
}

/// Whether the claim is one of these names, or might be.
fn names(entries: &Entries, token: &AccessToken, claim: &str) -> bool {
    !entries.is_empty()
        && match token.claims().get(claim) {
            None => false,
            Some(Item::String(name)) => entries.contains(name),
            Some(_) => true,
        }
}

/// Whether one of these has the token's name, and the token was issued early enough.
fn covers(
    entries: &Entries,
    token: &AccessToken,
    name: impl FnOnce(&AccessToken) -> Option<&str>,
) -> bool {
    // Nearly always, and then the claim is not looked for.
    if entries.is_empty() {
        return false;
    }
    let entry = name(token).and_then(|name| entries.get(name));
    let issued_at = token.registered().issued_at;
    entry.is_some_and(|ByName(entry)| entry.covers(issued_at))
}
