//! Checks the numbers of a public key, wherever the key comes from.

use super::{ed25519, roca};
use crate::token::signature::{Curve, KeyMaterial};

/// Accepted sizes of an RSA modulus in bits. RFC 7518 section 3.3 sets the minimum. RFC 7518
/// section 8.6 recommends a maximum, since the cost of a verification grows with the square of the
/// size.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Returns the RSA key with this modulus and exponent, both big-endian.
pub(super) fn rsa(n: &[u8], e: &[u8]) -> Result<KeyMaterial, &'static str> {
    let (n, e) = (without_leading_zeros(n), without_leading_zeros(e));
    let leading = n.first().map_or(0, |octet| octet.leading_zeros() as usize);
    let bits = n.len().saturating_mul(8).saturating_sub(leading);
    if !RSA_BITS.contains(&bits) {
        return Err("its modulus does not have 2048 to 8192 bits");
    }
    // With the RSA exponent 1, every message is its own signature. An even exponent is not valid in
    // RSA. A long exponent makes verification slow (RFC 7518 sections 8.3 and 8.6).
    let is_odd = e.last().is_some_and(|octet| octet % 2 == 1);
    if !is_odd || e == [1] || e.len() > 4 {
        return Err("its exponent is even, 1 or longer than 32 bits");
    }
    if roca::is_weak(n) {
        return Err("its modulus can be factored (CVE-2017-15361)");
    }
    Ok(KeyMaterial::Rsa { n: n.to_vec(), e: e.to_vec() })
}

/// Returns the key with these big-endian coordinates. Parsing the key for its algorithm checks that
/// the point is on the curve.
pub(super) fn ec(curve: Curve, x: &[u8], y: &[u8]) -> Result<KeyMaterial, &'static str> {
    let length = coordinate_length(curve);
    let mut point = vec![0x04];
    for coordinate in [x, y] {
        let number = without_leading_zeros(coordinate);
        let zeros = length
            .checked_sub(number.len())
            .ok_or("a coordinate is longer than the field of its curve")?;
        point.resize(point.len().saturating_add(zeros), 0);
        point.extend(number);
    }
    Ok(KeyMaterial::Ec { curve, point })
}

pub(super) fn ed25519(x: &[u8]) -> Result<KeyMaterial, &'static str> {
    let point = x.try_into().map_err(|_| "its point does not have 32 octets")?;
    if !ed25519::is_public_key(point) {
        return Err("its point is not a valid public key");
    }
    Ok(KeyMaterial::Ed25519 { x: x.to_vec() })
}

/// Returns the length in octets of a coordinate (RFC 7518 section 6.2.1.2).
pub(super) fn coordinate_length(curve: Curve) -> usize {
    match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    }
}

fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}
