//! Parses a JWK into a public key for signatures (RFC 7517, RFC 7518 section 6, RFC 8037), for JWK
//! sets and for the proofs of DPoP.
//!
//! Issuers publish keys that do not conform to these standards in ways that leave no doubt about
//! the key, for example with padded base64. A key set uses such a key, with a remark. A proof must not
//! contain such a key.

mod finding;
mod member;
mod purpose;

use std::borrow::Cow;

pub(crate) use self::finding::Finding;
pub(crate) use self::member::text;

use self::finding::Finding::{Irregular, Unusable};
use self::purpose::check_purpose;
use crate::algorithm::Algorithm;
use crate::json::{Item, Object};
use crate::keys::base64_text;
use crate::keys::public_key;
use crate::token::signature::{Curve, KeyMaterial};

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const BASE64: &str = "a number is not encoded as base64url without padding";
const LEADING_ZEROS: &str = "a number of its RSA key has leading zeros";
const COORDINATE_ZEROS: &str = "a coordinate has too few or too many leading zeros";
const POINT_ZEROS: &str = "its point has too few or too many leading zeros";

/// Public key of a usable JWK, with the algorithms of the key.
#[derive(Debug)]
pub(crate) struct Jwk {
    pub(crate) key: KeyMaterial,
    /// Algorithms of the key: the algorithm that `alg` names, or all algorithms of the key type if
    /// the JWK has no `alg`.
    pub(crate) algorithms: Vec<Algorithm>,
    /// Each kind of deviation from the standards, once.
    pub(crate) irregularities: Vec<Finding>,
}

impl Jwk {
    pub(crate) fn read(jwk: Object<'_>) -> Result<Self, Finding> {
        check_purpose(jwk)?;
        let mut irregularities = Vec::new();
        let key = public_key(jwk, &mut irregularities)?;
        if is_private(jwk) {
            return Err(Unusable("it contains its private key"));
        }
        let algorithms = match text(jwk, "alg")? {
            None => key.algorithms().to_vec(),
            Some(name) => Algorithm::named(name)
                .filter(|algorithm| key.algorithms().contains(algorithm))
                .map(|algorithm| vec![algorithm])
                .ok_or(Unusable("its `alg` does not match its key type"))?,
        };
        irregularities.dedup();
        Ok(Self { key, algorithms, irregularities })
    }
}

/// Returns true if a JWK has a member of a private key. Anyone who reads a published private key could
/// sign with it (RFC 7517 section 9.2, RFC 8037 section 2).
fn is_private(jwk: Object<'_>) -> bool {
    jwk.members().any(|(name, value)| PRIVATE.contains(&name) && !matches!(value, Item::Null))
}

fn public_key(jwk: Object<'_>, odd: &mut Vec<Finding>) -> Result<KeyMaterial, Finding> {
    match text(jwk, "kty")? {
        Some("RSA") => rsa(jwk, odd),
        Some("EC") => ec(jwk, odd),
        Some("OKP") => okp(jwk, odd),
        Some("oct") => Err(Unusable("a symmetric key must not be published")),
        _ => Err(Unusable("its key type is not supported")),
    }
}

/// Accepts leading zeros. RFC 7518 section 2 forbids them, but issuers in languages with signed
/// integers often prepend a zero octet.
fn rsa(jwk: Object<'_>, odd: &mut Vec<Finding>) -> Result<KeyMaterial, Finding> {
    let (n, e) = (octets(jwk, "n", odd)?, octets(jwk, "e", odd)?);
    if n.first() == Some(&0) || e.first() == Some(&0) {
        odd.push(Irregular(LEADING_ZEROS));
    }
    public_key::rsa(&n, &e).map_err(Unusable)
}

/// Accepts coordinates without their leading zeros and with more of them, as issuers write that
/// encode an integer. The encoding of a coordinate must include exactly the leading zeros of the
/// field (RFC 7518 section 6.2.1.2).
fn ec(jwk: Object<'_>, odd: &mut Vec<Finding>) -> Result<KeyMaterial, Finding> {
    let curve = match text(jwk, "crv")? {
        Some("P-256") => Curve::P256,
        Some("P-384") => Curve::P384,
        Some("P-521") => Curve::P521,
        _ => return Err(Unusable("its curve is not supported")),
    };
    let (x, y) = (octets(jwk, "x", odd)?, octets(jwk, "y", odd)?);
    let length = public_key::coordinate_length(curve);
    if x.len() != length || y.len() != length {
        odd.push(Irregular(COORDINATE_ZEROS));
    }
    public_key::ec(curve, &x, &y).map_err(Unusable)
}

/// Accepts a point of 31 octets as a point without its leading zero, and a point of 33 octets with
/// a leading zero. RFC 8037 section 2 requires the 32 octets of RFC 8032 section 5.1.5.
fn okp(jwk: Object<'_>, odd: &mut Vec<Finding>) -> Result<KeyMaterial, Finding> {
    if text(jwk, "crv")? != Some("Ed25519") {
        return Err(Unusable("its curve is not supported"));
    }
    let x = octets(jwk, "x", odd)?;
    let point: Cow<'_, [u8]> = match x.as_slice() {
        [0, point @ ..] if x.len() == 33 => point.into(),
        short if x.len() == 31 => [&[0], short].concat().into(),
        point => point.into(),
    };
    if point.len() != x.len() {
        odd.push(Irregular(POINT_ZEROS));
    }
    public_key::ed25519(&point).map_err(Unusable)
}

/// Decodes a number. An empty number is an error, because no number of a key is zero.
fn octets(jwk: Object<'_>, name: &str, odd: &mut Vec<Finding>) -> Result<Vec<u8>, Finding> {
    let text = text(jwk, name)?.filter(|text| !text.is_empty());
    let text = text.ok_or(Unusable("a required member is missing"))?;
    let decoded = base64_text::decode(text).ok_or(Unusable("a member is not base64url"))?;
    if !decoded.is_standard {
        odd.push(Irregular(BASE64));
    }
    Ok(decoded.octets)
}
