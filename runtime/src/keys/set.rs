//! Parses a JWK set and selects the key that verifies a token.

use std::collections::HashMap;
use std::sync::Arc;

use super::jwk::{Jwk, Unusable};
use super::kid_for_logs;
use super::set_error::{LeftAside, SetError};
use crate::algorithm::Algorithm;
use crate::error::RefusalKind;
use crate::json::{self, Item, Object};
use crate::token::signature::{PublicKey, VerificationKey};
use crate::token::{Header, SignedBy};

/// Largest number of keys in an accepted JWK set.
const KEY_LIMIT: usize = 100;

/// Usable keys of one issuer. Each key is parsed once. The order of the keys has no meaning (RFC
/// 7517 section 5.1).
#[derive(Debug, Default, PartialEq)]
pub(crate) struct KeySet {
    /// Published keys by `kid`. If the issuer publishes only an unusable key with a `kid`, this
    /// `kid` has an empty list. A token with a `kid` in this map causes no fetch.
    by_kid: HashMap<Box<str>, Vec<PublishedKey>>,
    without_kid: Vec<PublishedKey>,
}

/// Key that the issuer publishes, parsed for one algorithm.
#[derive(Debug)]
pub(crate) struct PublishedKey {
    algorithm: Algorithm,
    material: Arc<PublicKey>,
    key: VerificationKey,
}

/// Compares `algorithm` and `material`. `key` is derived from these fields, so `key` need not be
/// compared.
impl PartialEq for PublishedKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.material == other.material
    }
}

impl PublishedKey {
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }

    /// Returns a `SignedBy`, which records that this key signed a token with this header.
    pub(crate) fn signed(&self, header: &Header<'_>) -> SignedBy {
        SignedBy {
            kid: header.kid.map(Into::into),
            algorithm: self.algorithm,
            profile: header.profile,
            key: Arc::clone(&self.material),
        }
    }
}

/// Result of selecting a key by a token's `kid` and `alg`.
#[derive(Debug)]
pub(crate) enum Choice<'a> {
    /// Exactly one key matches the `kid` and the `alg`.
    Key(&'a PublishedKey),
    /// The set has no key with this `kid`.
    Unknown,
    /// The set has keys with this `kid`, but none of them or several of them are for this
    /// algorithm.
    Unsuitable,
}

impl KeySet {
    /// Parses a JWK set. Skips unusable members and returns them with the reasons.
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

    /// Selects the key that `kid` and `alg` determine (RFC 7515 section 6, RFC 7517 section 4.5).
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Choice<'_> {
        match kid {
            Some(kid) => match self.by_kid.get(kid) {
                None => Choice::Unknown,
                Some(entries) => single_match(entries.iter(), algorithm),
            },
            None => single_match(self.entries(), algorithm),
        }
    }

    /// Returns the number of keys. A key for several algorithms counts once.
    pub(crate) fn count(&self) -> usize {
        let slots = self.by_kid.values().chain([&self.without_kid]);
        slots.map(|entries| count_distinct(entries)).sum()
    }

    /// Returns each `kid` under which this key set has a key that the key set `other` does not have
    /// under the same `kid`. An empty string in the result stands for the keys without a `kid`.
    pub(super) fn names_not_in(&self, other: &Self) -> Vec<String> {
        let is_missing_in = |others: Option<&Vec<PublishedKey>>, entries: &[PublishedKey]| {
            entries.iter().any(|entry| others.is_none_or(|others| !others.contains(entry)))
        };
        let mut names: Vec<_> = self
            .by_kid
            .iter()
            .filter(|(name, entries)| is_missing_in(other.by_kid.get(*name), entries))
            .map(|(name, _)| kid_for_logs::escape(name))
            .collect();
        if is_missing_in(Some(&other.without_kid), &self.without_kid) {
            names.push(String::new());
        }
        names.sort_unstable();
        names
    }

    /// Checks that this key set selects the key that verified the signature of a cached token. If
    /// the key set selects another key or none, returns the error that the token would get without
    /// the cache.
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

/// Returns the number of distinct keys in the list. A key for several algorithms is in the list
/// once for each algorithm, and counts once.
fn count_distinct(entries: &[PublishedKey]) -> usize {
    let is_first = |(index, entry): &(usize, &PublishedKey)| {
        let mut earlier = entries.iter().take(*index);
        earlier.all(|other| other.material != entry.material)
    };
    entries.iter().enumerate().filter(is_first).count()
}

fn single_match<'a>(
    entries: impl Iterator<Item = &'a PublishedKey>,
    algorithm: Algorithm,
) -> Choice<'a> {
    let mut matches = entries.filter(|entry| entry.algorithm == algorithm);
    match (matches.next(), matches.next()) {
        (Some(entry), None) => Choice::Key(entry),
        _ => Choice::Unsuitable,
    }
}

/// Parsed key set, with the unusable JWKs that the parser skipped.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) set: KeySet,
    pub(crate) unusable: Vec<LeftAside>,
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
            let kid = format!("\"{}\"", kid_for_logs::escape(kid.unwrap_or_default()));
            self.unusable.push(LeftAside { kid, reason });
        }
    }
}

/// Adds a `PublishedKey` to the list for each allowed algorithm of the key. If the issuer publishes
/// the same key twice, the key is added once.
fn add_entries(
    entries: &mut Vec<PublishedKey>,
    jwk: &Jwk,
    allowed: &[Algorithm],
) -> Result<(), Unusable> {
    if !jwk.algorithms.iter().any(|algorithm| allowed.contains(algorithm)) {
        return Err("its algorithm is not in `algorithms` of the issuer");
    }
    for &algorithm in jwk.algorithms.iter().filter(|algorithm| allowed.contains(algorithm)) {
        let is_duplicate =
            |entry: &PublishedKey| entry.algorithm == algorithm && *entry.material == jwk.key;
        if !entries.iter().any(is_duplicate) {
            let key = VerificationKey::parse(algorithm, &jwk.key).ok_or("it is not a valid key")?;
            entries.push(PublishedKey { algorithm, material: Arc::new(jwk.key.clone()), key });
        }
    }
    Ok(())
}
