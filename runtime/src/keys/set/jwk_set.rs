//! Parses a published JWK set (RFC 7517 section 5).

use super::KeySet;
use super::error::SetError;
use super::members::{Members, kid_of_malformed};
use super::remark::Remark;
use crate::algorithm::Algorithm;
use crate::json;
use crate::keys::jwk::Finding::{self, Unusable};
use crate::keys::jwk::{self, Jwk};

/// Largest number of keys in an accepted JWK set.
const KEY_LIMIT: usize = 100;

impl KeySet {
    /// Parses a JWK set. Skips unusable members, each with a remark.
    pub(crate) fn parse(document: &[u8], allowed: &[Algorithm]) -> Result<Self, SetError> {
        let members = Members::of(document).map_err(SetError::Malformed)?;
        if members.len() > KEY_LIMIT {
            return Err(SetError::TooManyKeys);
        }
        let mut set = Self::default();
        for member in members.texts() {
            add_member(&mut set, member, allowed);
        }
        if set.is_empty() {
            return Err(SetError::NoUsableKey(set.remarks().to_vec()));
        }
        Ok(set)
    }
}

fn add_member(set: &mut KeySet, member: &str, allowed: &[Algorithm]) {
    let Ok(document) = json::object(member.as_bytes()) else {
        let kid = kid_of_malformed(member);
        if let Some(kid) = &kid {
            set.add_kid(kid);
        }
        let finding = Unusable("it is not an object with distinct member names");
        set.add_remark(Remark::new(kid.as_deref(), finding));
        return;
    };
    let Ok(kid) = jwk::text(document.root(), "kid") else {
        set.add_remark(Remark::new(None, Unusable("its `kid` is not a string")));
        return;
    };
    if let Some(kid) = kid {
        set.add_kid(kid);
    }
    match add_key(set, kid, Jwk::read(document.root()), allowed) {
        Err(finding) => set.add_remark(Remark::new(kid, finding)),
        Ok(irregularities) => {
            for finding in irregularities {
                set.add_remark(Remark::new(kid, finding));
            }
        }
    }
}

/// Adds the key and returns its irregularities.
fn add_key(
    set: &mut KeySet,
    kid: Option<&str>,
    jwk: Result<Jwk, Finding>,
    allowed: &[Algorithm],
) -> Result<Vec<Finding>, Finding> {
    let jwk = jwk?;
    set.add_key(kid, jwk.key, &jwk.algorithms, allowed).map_err(Unusable)?;
    Ok(jwk.irregularities)
}
