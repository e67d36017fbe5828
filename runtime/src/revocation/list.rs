//! The list itself, as a pure state machine: no clock, no lock.

use std::collections::HashMap;
use std::time::SystemTime;

use super::{Kind, Revocation, RevocationError};
use crate::json::Item;
use crate::token::AccessToken;

/// What an entry takes besides its name, the empty places of its table included.
const ENTRY: usize = 128;

/// From how many bytes on it is worth looking for what is over.
const FEW: usize = 64 * 1024;

pub(super) struct List {
    /// Those of the server, and no others.
    issuers: HashMap<Box<str>, OfIssuer>,
    bytes: usize,
    limit: usize,
    /// What is over is looked for when it may be half of all, and not before the first is: so that
    /// each entry is looked at a few times, however many there are.
    sweep_at: usize,
    first_end: Option<SystemTime>,
}

#[derive(Default)]
struct OfIssuer {
    tokens: Entries,
    sessions: Entries,
    subjects: Entries,
}

/// By the name, compared in full.
type Entries = HashMap<Box<str>, Entry>;

struct Entry {
    until: SystemTime,
    /// Only of subjects: the latest `iat` that it concerns.
    latest: Option<SystemTime>,
}

impl List {
    pub(super) fn new<'a>(issuers: impl IntoIterator<Item = &'a str>, limit: usize) -> Self {
        let nothing = |issuer: &str| (issuer.into(), OfIssuer::default());
        Self {
            issuers: issuers.into_iter().map(nothing).collect(),
            bytes: 0,
            limit,
            sweep_at: FEW.min(limit),
            first_end: None,
        }
    }

    /// What ended in the `past` may make room. Whether this says anything that was not said before.
    pub(super) fn insert(
        &mut self,
        revocation: Revocation,
        until: SystemTime,
        past: SystemTime,
    ) -> Result<bool, RevocationError> {
        let Revocation { issuer, name, kind } = revocation;
        // Too late for whom it concerns, or two times mixed up.
        if until <= past {
            return Err(RevocationError::Over);
        }
        let latest = kind.latest();
        if let Some(known) = self.entries(&issuer, kind)?.get_mut(name.as_str()) {
            let is_news = known.latest < latest;
            known.until = known.until.max(until);
            known.latest = known.latest.max(latest);
            return Ok(is_news);
        }
        self.take_room(size(&name), past)?;
        let entries = self.entries(&issuer, kind)?;
        entries.insert(name.into(), Entry { until, latest });
        let first = self.first_end.map_or(until, |first| first.min(until));
        self.first_end = Some(first);
        Ok(true)
    }

    fn take_room(&mut self, bytes: usize, past: SystemTime) -> Result<(), RevocationError> {
        let any_is_over = self.first_end.is_some_and(|end| end <= past);
        if any_is_over && self.bytes.saturating_add(bytes) > self.sweep_at {
            self.sweep(past);
        }
        let bytes = self.bytes.saturating_add(bytes);
        if bytes > self.limit {
            return Err(RevocationError::Full);
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Whatever is on the list counts, be it over or not: a clock that is put back makes no token
    /// good again that way.
    pub(super) fn concerns(&self, token: &AccessToken) -> bool {
        self.issuers.get(token.issuer()).is_some_and(|issuer| {
            names(&issuer.tokens, token, "jti")
                || names(&issuer.sessions, token, "sid")
                || issuer.names_subject_of(token)
        })
    }

    fn entries(&mut self, issuer: &str, kind: Kind) -> Result<&mut Entries, RevocationError> {
        let issuer = self.issuers.get_mut(issuer);
        let issuer = issuer.ok_or(RevocationError::UnknownIssuer)?;
        Ok(match kind {
            Kind::Token => &mut issuer.tokens,
            Kind::Session => &mut issuer.sessions,
            Kind::Subject { .. } => &mut issuer.subjects,
        })
    }

    fn sweep(&mut self, past: SystemTime) {
        let mut bytes = 0;
        let mut first_end = None;
        for issuer in self.issuers.values_mut() {
            for entries in [
                &mut issuer.tokens,
                &mut issuer.sessions,
                &mut issuer.subjects,
            ] {
                entries.retain(|_, entry| entry.until > past);
                entries.shrink_to(entries.len().saturating_mul(2));
                let ends = entries.values().map(|entry| entry.until);
                first_end = first_end.into_iter().chain(ends).min();
                let sizes = entries.keys().map(|name| size(name));
                bytes = sizes.fold(bytes, usize::saturating_add);
            }
        }
        self.bytes = bytes;
        self.first_end = first_end;
        self.sweep_at = bytes.saturating_mul(2).max(FEW).min(self.limit);
    }
}

impl OfIssuer {
    fn names_subject_of(&self, token: &AccessToken) -> bool {
        let entry = token.subject().and_then(|name| self.subjects.get(name));
        entry.is_some_and(|entry| {
            let issued = token.registered().issued_at;
            issued.is_none_or(|issued| entry.latest.is_some_and(|latest| issued <= latest))
        })
    }
}

impl Kind {
    fn latest(self) -> Option<SystemTime> {
        match self {
            Self::Subject { latest } => Some(latest),
            Self::Token | Self::Session => None,
        }
    }
}

/// Whether the claim is one of these names, or might be.
fn names(entries: &Entries, token: &AccessToken, claim: &str) -> bool {
    !entries.is_empty()
        && match token.claims().get(claim) {
            None => false,
            Some(Item::String(name)) => entries.contains_key(name),
            Some(_) => true,
        }
}

fn size(name: &str) -> usize {
    name.len().saturating_add(ENTRY)
}
