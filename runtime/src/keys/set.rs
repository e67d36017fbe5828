//! A JWK set: the document to keys ready to verify, and the choice among them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::jwk::{Jwk, Unusable};
use super::kid;
use crate::algorithm::Algorithm;
use crate::error::RefusalKind;
use crate::json::{self, Item, Object};
use crate::token::signature::{PublicKey, VerificationKey};
use crate::token::{Header, SignedBy};

/// The most keys that one set may hold.
const KEY_LIMIT: usize = 100;

/// The usable keys of one issuer, each parsed once. Order means nothing (RFC 7517 section 5.1).
#[derive(Debug, Default, PartialEq)]
pub(crate) struct KeySet {
    /// A `kid` without keys is one whose key cannot be used: known, so that asking for it is no
    /// reason to fetch the set again.
    by_kid: HashMap<Box<str>, Vec<PublishedKey>>,
    without_kid: Vec<PublishedKey>,
}

#[derive(Debug)]
pub(crate) struct PublishedKey {
    algorithm: Algorithm,
    material: Arc<PublicKey>,
    key: VerificationKey,
}

/// What is made of the material says no more than it does.
impl PartialEq for PublishedKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.material == other.material
    }
}

impl PublishedKey {
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }

    /// For a token with this header, whose signature it made.
    pub(crate) fn signed(&self, header: &Header<'_>) -> SignedBy {
        SignedBy {
            kid: header.kid.map(Into::into),
            algorithm: self.algorithm,
            profile: header.profile,
            key: Arc::clone(&self.material),
        }
    }
}

/// What a set says to a token's `kid` and `alg`.
#[derive(Debug)]
pub(crate) enum Choice<'a> {
    /// This key and no other.
    Key(&'a PublishedKey),
    /// No key of this name.
    Unknown,
    /// The named key is not for this algorithm, or more than one key could be meant.
    Unsuitable,
}

impl KeySet {
    /// Reads a document; members that cannot be used are left aside and told.
    pub(crate) fn parse(document: &[u8], allowed: &[Algorithm]) -> Result<Parsed, SetError> {
        let document = json::object(document).map_err(|_| SetError::Malformed)?;
        Self::read(document.root(), allowed)
    }

    pub(crate) fn read(document: Object<'_>, allowed: &[Algorithm]) -> Result<Parsed, SetError> {
        let Some(Item::Array(members)) = document.get("keys") else {
            return Err(SetError::Malformed);
        };
        if members.items().count() > KEY_LIMIT {
            return Err(SetError::TooManyKeys);
        }
        let mut parsed = Parsed::default();
        for member in members.items() {
            parsed.add(member, allowed);
        }
        if parsed.set.is_empty() {
            return Err(SetError::NoUsableKey(parsed.unusable));
        }
        Ok(parsed)
    }

    /// The one key that `kid` and `alg` determine (RFC 7515 section 6, RFC 7517 section 4.5).
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Choice<'_> {
        match kid {
            Some(kid) => match self.by_kid.get(kid) {
                None => Choice::Unknown,
                Some(entries) => only(entries.iter(), algorithm),
            },
            None => only(self.entries(), algorithm),
        }
    }

    /// How many keys there are, each counted once whatever algorithms it serves.
    pub(crate) fn count(&self) -> usize {
        let slots = self.by_kid.values().chain([&self.without_kid]);
        slots.map(|entries| distinct(entries)).sum()
    }

    /// Under which names this set has a key that the other one lacks there.
    pub(super) fn names_not_in(&self, other: &Self) -> Vec<String> {
        let lacks = |others: Option<&Vec<PublishedKey>>, entries: &[PublishedKey]| {
            let known = |entry| others.is_some_and(|others| others.contains(entry));
            !entries.iter().all(known)
        };
        let named = self.by_kid.iter();
        let new = named.filter(|(name, entries)| lacks(other.by_kid.get(*name), entries));
        let mut found: Vec<_> = new.map(|(name, _)| kid::shown(name)).collect();
        if lacks(Some(&other.without_kid), &self.without_kid) {
            found.push(String::new());
        }
        found.sort_unstable();
        found
    }

    /// What the set says to a token that this key verified: the key that the token names is still
    /// the same, or the error of a request that brought the token now.
    pub(crate) fn confirm(&self, signed_by: &SignedBy) -> Result<(), RefusalKind> {
        match self.choose(signed_by.kid.as_deref(), signed_by.algorithm) {
            Choice::Unknown => Err(RefusalKind::UnknownKey),
            Choice::Unsuitable => Err(RefusalKind::UnsuitableKey),
            Choice::Key(entry) if entry.material == signed_by.key => Ok(()),
            Choice::Key(_) => Err(RefusalKind::InvalidSignature),
        }
    }

    fn entries(&self) -> impl Iterator<Item = &PublishedKey> {
        self.by_kid.values().flatten().chain(&self.without_kid)
    }

    fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }
}

/// A key that may be used with several algorithms has an entry for each.
fn distinct(entries: &[PublishedKey]) -> usize {
    let is_first = |(index, entry): &(usize, &PublishedKey)| {
        let mut earlier = entries.iter().take(*index);
        earlier.all(|one| one.material != entry.material)
    };
    entries.iter().enumerate().filter(is_first).count()
}

fn only<'a>(entries: impl Iterator<Item = &'a PublishedKey>, algorithm: Algorithm) -> Choice<'a> {
    let mut fitting = entries.filter(|entry| entry.algorithm == algorithm);
    match (fitting.next(), fitting.next()) {
        (Some(entry), None) => Choice::Key(entry),
        _ => Choice::Unsuitable,
    }
}

/// A set, and what was left aside.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) set: KeySet,
    pub(crate) unusable: Vec<LeftAside>,
}

/// A member that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftAside {
    /// As a log may show it: escaped and cut.
    pub(crate) kid: String,
    pub(crate) reason: Unusable,
}

impl fmt::Display for LeftAside {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the key {}: {}", self.kid, self.reason)
    }
}

impl Parsed {
    fn add(&mut self, member: Item<'_>, allowed: &[Algorithm]) {
        let (kid, jwk) = match member.as_object().map(|jwk| (jwk.get("kid"), jwk)) {
            Some((None, jwk)) => (None, Jwk::read(jwk)),
            Some((Some(Item::String(kid)), jwk)) => (Some(kid), Jwk::read(jwk)),
            Some((Some(_), _)) => (None, Err("its `kid` is not a string")),
            None => (None, Err("it is not an object")),
        };
        let entries = match kid {
            Some(kid) => self.set.by_kid.entry(kid.into()).or_default(),
            None => &mut self.set.without_kid,
        };
        if let Err(reason) = jwk.and_then(|jwk| add_entries(entries, &jwk, allowed)) {
            let kid = format!("\"{}\"", kid::shown(kid.unwrap_or_default()));
            self.unusable.push(LeftAside { kid, reason });
        }
    }
}

/// One entry for each algorithm; a key published twice stays one key.
fn add_entries(
    entries: &mut Vec<PublishedKey>,
    jwk: &Jwk,
    allowed: &[Algorithm],
) -> Result<(), Unusable> {
    let allowed = |algorithm: &&Algorithm| allowed.contains(algorithm);
    if !jwk.algorithms.iter().any(|algorithm| allowed(&algorithm)) {
        return Err("its algorithm is none of those configured");
    }
    for algorithm in jwk.algorithms.iter().filter(allowed) {
        let same =
            |entry: &PublishedKey| entry.algorithm == *algorithm && *entry.material == jwk.key;
        if entries.iter().any(same) {
            continue;
        }
        let key = VerificationKey::parse(*algorithm, &jwk.key).ok_or("it is not a valid key")?;
        entries.push(PublishedKey {
            algorithm: *algorithm,
            material: Arc::new(jwk.key.clone()),
            key,
        });
    }
    Ok(())
}

/// Why a document is no key set to work with; the keys held before stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetError {
    Malformed,
    TooManyKeys,
    NoUsableKey(Vec<LeftAside>),
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => formatter.write_str("not a JWK set"),
            Self::TooManyKeys => formatter.write_str("the JWK set holds more than 100 keys"),
            Self::NoUsableKey(members) => {
                formatter.write_str("the JWK set holds no usable key")?;
                let mut members = members.iter().take(8);
                members.try_for_each(|member| write!(formatter, ", {member}"))
            }
        }
    }
}
