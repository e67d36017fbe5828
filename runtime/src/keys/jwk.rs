//! Parses a JWK into a public key for signatures (RFC 7517, RFC 7518 section 6, RFC 8037).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ed25519, roca};
use crate::algorithm::Algorithm;
use crate::json::{Item, Object};
use crate::token::signature::{Curve, PublicKey};

/// Accepted sizes of an RSA modulus in bits. RFC 7518 section 3.3 sets the minimum. RFC 7518
/// section 8.6 recommends a maximum, since the cost of a verification grows with the square of the
/// size.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Public key of a usable JWK, with the algorithms of the key.
#[derive(Debug)]
pub(super) struct Jwk {
    pub(super) key: PublicKey,
    /// Algorithms of the key: the algorithm that `alg` names, or all algorithms of the key type if
    /// the JWK has no `alg`.
    pub(super) algorithms: Vec<Algorithm>,
}

/// Reason for skipping a JWK. The reason is logged, and the other keys of the set are used (RFC
/// 7517 section 5).
pub(super) type Unusable = &'static str;

impl Jwk {
    pub(super) fn read(jwk: Object<'_>) -> Result<Self, Unusable> {
        is_for_signatures(jwk)?;
        let key = public_key(jwk)?;
        // Anyone who reads the set could sign tokens with a published private key (RFC 7517 section
        // 9.2, RFC 8037 section 2).
        if jwk.contains("d") {
            return Err("the set publishes its private key");
        }
        let algorithms = match text(jwk, "alg")? {
            None => key.algorithms().to_vec(),
            Some(name) => Algorithm::named(name)
                .filter(|algorithm| key.algorithms().contains(algorithm))
                .map(|algorithm| vec![algorithm])
                .ok_or("its `alg` does not match its key type")?,
        };
        Ok(Self { key, algorithms })
    }
}

/// Checks `use` and `key_ops` (RFC 7517 sections 4.2 and 4.3). Each of the two members, if present,
/// must permit the verification of signatures.
fn is_for_signatures(jwk: Object<'_>) -> Result<(), Unusable> {
    if text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err("its `use` is not `sig`");
    }
    match jwk.get("key_ops") {
        None => Ok(()),
        Some(Item::Array(operations))
            if operations.items().any(|item| item.as_str() == Some("verify")) =>
        {
            Ok(())
        }
        Some(_) => Err("its `key_ops` does not contain `verify`"),
    }
}

fn public_key(jwk: Object<'_>) -> Result<PublicKey, Unusable> {
    match text(jwk, "kty")? {
        Some("RSA") => rsa(jwk),
        Some("EC") => ec(jwk),
        Some("OKP") => okp(jwk),
        Some("oct") => Err("a symmetric key must not be published"),
        _ => Err("its key type is not supported"),
    }
}

fn rsa(jwk: Object<'_>) -> Result<PublicKey, Unusable> {
    let n = unsigned(octets(jwk, "n")?);
    let e = unsigned(octets(jwk, "e")?);
    let leading = n.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = (n.len() * 8).saturating_sub(leading);
    if !RSA_BITS.contains(&bits) {
        return Err("its modulus does not have 2048 to 8192 bits");
    }
    // With the RSA exponent 1, every message is its own signature. An even exponent is not valid in
    // RSA. A long exponent makes verification slow (RFC 7518 sections 8.3 and 8.6).
    let is_odd = e.last().is_some_and(|byte| byte % 2 == 1);
    if !is_odd || e == [1] || e.len() > 4 {
        return Err("its exponent is even, 1 or longer than 32 bits");
    }
    if roca::is_weak(&n) {
        return Err("its modulus can be factored (CVE-2017-15361)");
    }
    Ok(PublicKey::Rsa { n, e })
}

fn ec(jwk: Object<'_>) -> Result<PublicKey, Unusable> {
    let (curve, length) = match text(jwk, "crv")? {
        Some("P-256") => (Curve::P256, 32),
        Some("P-384") => (Curve::P384, 48),
        Some("P-521") => (Curve::P521, 66),
        _ => return Err("its curve is not supported"),
    };
    let (x, y) = (octets(jwk, "x")?, octets(jwk, "y")?);
    // The encoding of a coordinate includes leading zeros (RFC 7518 section 6.2.1.2).
    if x.len() != length || y.len() != length {
        return Err("its coordinates do not have the length of the curve");
    }
    let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
    Ok(PublicKey::Ec { curve, point })
}

fn okp(jwk: Object<'_>) -> Result<PublicKey, Unusable> {
    if text(jwk, "crv")? != Some("Ed25519") {
        return Err("its curve is not supported");
    }
    let x = octets(jwk, "x")?;
    let point = x.as_slice().try_into().map_err(|_| "its point does not have 32 bytes")?;
    if !ed25519::is_public_key(point) {
        return Err("its point is not a valid public key");
    }
    Ok(PublicKey::Ed25519 { x })
}

/// Removes leading zero octets. RFC 7518 section 2 forbids leading zero octets, but issuers in
/// languages with signed integers often prepend a zero octet.
fn unsigned(octets: Vec<u8>) -> Vec<u8> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.into_iter().skip(zeros).collect()
}

fn octets(jwk: Object<'_>, name: &str) -> Result<Vec<u8>, Unusable> {
    let text = text(jwk, name)?.ok_or("a required member is missing")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "a member is not base64url")
}

fn text<'a>(jwk: Object<'a>, name: &str) -> Result<Option<&'a str>, Unusable> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err("a member is not a string"),
    }
}
