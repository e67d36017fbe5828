//! Key set of one issuer: selects the key that verifies a token. `jwk_set` reads a published set, and
//! `without_kid` builds a set from keys of the configuration.

mod error;
mod jwk_set;
mod members;
mod remark;
mod without_kid;

use std::collections::HashMap;
use std::sync::Arc;

pub(super) use self::error::SetError;

use self::remark::Remark;
use crate::algorithm::Algorithm;
use crate::error::RefusalKind;
use crate::keys::kid_for_logs;
use crate::token::signature::{KeyMaterial, VerificationKey};
use crate::token::{Header, SignedBy};

/// Usable keys of one issuer. Each key is parsed once. The order of the keys has no meaning (RFC
/// 7517 section 5.1).
#[derive(Debug, Default, PartialEq)]
pub(crate) struct KeySet {
    /// Keys by `kid`. If the issuer publishes only an unusable key with a `kid`, this `kid` has an
    /// empty list. A token with a `kid` in this map causes no fetch.
    by_kid: HashMap<Box<str>, Vec<PublishedKey>>,
    without_kid: Vec<PublishedKey>,
    /// Remarks on the published set. They are part of the comparison of two sets, so that remarks
    /// are reported when they change.
    remarks: Vec<Remark>,
}

/// Key of an issuer, parsed for one algorithm.
#[derive(Debug)]
pub(crate) struct PublishedKey {
    algorithm: Algorithm,
    material: Arc<KeyMaterial>,
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
    /// The set has no key with this `kid`, and no single key without a `kid` for this algorithm.
    Unknown,
    /// The set has keys with this `kid`, but none of them or several of them are for this
    /// algorithm.
    Unsuitable,
}

impl KeySet {
    /// Selects the key that `kid` and `alg` determine (RFC 7515 section 6, RFC 7517 section 4.5).
    ///
    /// A key that has no `kid` verifies tokens with any `kid` that no key of the set has.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Choice<'_> {
        let Some(kid) = kid else {
            return single_match(self.entries(), algorithm).map_or(Choice::Unsuitable, Choice::Key);
        };
        match self.by_kid.get(kid) {
            Some(entries) => {
                single_match(entries, algorithm).map_or(Choice::Unsuitable, Choice::Key)
            }
            None => single_match(&self.without_kid, algorithm).map_or(Choice::Unknown, Choice::Key),
        }
    }

    /// Returns true if the set has a key with this `kid`, even if the key is unusable.
    pub(crate) fn has_kid(&self, kid: &str) -> bool {
        self.by_kid.contains_key(kid)
    }

    /// Returns the remarks on the members of the published set.
    pub(crate) fn remarks(&self) -> &[Remark] {
        &self.remarks
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

    pub(super) fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Adds a remark on a member of the published set.
    pub(super) fn add_remark(&mut self, remark: Remark) {
        self.remarks.push(remark);
    }

    /// Returns true if several keys without a `kid` are for this algorithm.
    pub(super) fn is_ambiguous_without_kid(&self, algorithm: Algorithm) -> bool {
        self.without_kid.iter().filter(|entry| entry.algorithm == algorithm).count() > 1
    }

    /// Records that a member with this `kid` exists, even if it is unusable.
    pub(super) fn add_kid(&mut self, kid: &str) {
        self.by_kid.entry(kid.into()).or_default();
    }

    /// Adds a key for each of `algorithms` that is allowed. A key that the set has already under
    /// this `kid` is not added again.
    pub(super) fn add_key(
        &mut self,
        kid: Option<&str>,
        material: KeyMaterial,
        algorithms: &[Algorithm],
        allowed: &[Algorithm],
    ) -> Result<(), &'static str> {
        let entries = match kid {
            Some(kid) => self.by_kid.entry(kid.into()).or_default(),
            None => &mut self.without_kid,
        };
        for entry in parse(&Arc::new(material), algorithms, allowed)? {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        Ok(())
    }
}

/// Returns the number of distinct keys in the list. A key for several algorithms is in the list
/// once for each algorithm, and counts once.
fn count_distinct(entries: &[PublishedKey]) -> usize {
    let mut distinct: Vec<&KeyMaterial> = Vec::new();
    for entry in entries {
        if !distinct.contains(&&*entry.material) {
            distinct.push(&entry.material);
        }
    }
    distinct.len()
}

/// Returns the only key for this algorithm, or `None` if none or several are for it.
fn single_match<'a>(
    entries: impl IntoIterator<Item = &'a PublishedKey>,
    algorithm: Algorithm,
) -> Option<&'a PublishedKey> {
    let mut matches = entries.into_iter().filter(|entry| entry.algorithm == algorithm);
    matches.next().filter(|_| matches.next().is_none())
}

/// Parses one key for all of its algorithms that are allowed. Fails if there are none, or if the
/// backend rejects the key.
fn parse(
    material: &Arc<KeyMaterial>,
    algorithms: &[Algorithm],
    allowed: &[Algorithm],
) -> Result<Vec<PublishedKey>, &'static str> {
    let algorithms = algorithms.iter().filter(|algorithm| allowed.contains(algorithm));
    let entries: Option<Vec<_>> = algorithms
        .map(|&algorithm| {
            let key = VerificationKey::parse(algorithm, material)?;
            Some(PublishedKey { algorithm, material: Arc::clone(material), key })
        })
        .collect();
    match entries {
        None => Err("it is not a valid key"),
        Some(entries) if entries.is_empty() => {
            Err("its algorithm is not in `algorithms` of the issuer")
        }
        Some(entries) => Ok(entries),
    }
}
