//! Converts the encodings of private keys into one another (RFC 5208 section 5, RFC 5915 section 3).

use spki::AlgorithmIdentifierRef;
use spki::der::asn1::{ObjectIdentifier, OctetStringRef};
use spki::der::{Decode, SliceReader};

use super::PrivateKey;
use crate::algorithm::Algorithm;

/// RFC 8017 appendix A.1
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// RFC 5480 section 2.1.1
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 8410 section 3
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Tags of DER.
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Returns the curve with which an algorithm signs (RFC 5480 section 2.1.1.1). Returns `None` for an
/// algorithm of another kind of key.
pub(super) fn curve(algorithm: Algorithm) -> Option<ObjectIdentifier> {
    match algorithm {
        Algorithm::ES256 => Some(ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7")),
        Algorithm::ES384 => Some(ObjectIdentifier::new_unwrap("1.3.132.0.34")),
        Algorithm::ES512 => Some(ObjectIdentifier::new_unwrap("1.3.132.0.35")),
        _ => None,
    }
}

/// Reads a `PrivateKeyInfo`.
pub(super) fn pkcs8(der: Vec<u8>) -> Option<PrivateKey> {
    let (algorithm, key) = parts(&der)?;
    match algorithm {
        RSA => Some(PrivateKey::Rsa(key.to_vec())),
        EC => Some(PrivateKey::Ec(der)),
        ED25519 => Some(PrivateKey::Ed25519(der)),
        _ => None,
    }
}

/// Returns the algorithm and the key of a `PrivateKeyInfo`. Attributes after the key are ignored.
fn parts(der: &[u8]) -> Option<(ObjectIdentifier, &[u8])> {
    let mut outer = SliceReader::new(der).ok()?;
    let mut read = || -> spki::der::Result<(ObjectIdentifier, &[u8])> {
        let header = spki::der::Header::decode(&mut outer)?;
        header.tag.assert_eq(spki::der::Tag::Sequence)?;
        u8::decode(&mut outer)?;
        let algorithm = AlgorithmIdentifierRef::decode(&mut outer)?;
        let key = OctetStringRef::decode(&mut outer)?;
        Ok((algorithm.oid, key.as_bytes()))
    };
    read().ok()
}

/// Wraps an `ECPrivateKey` into a `PrivateKeyInfo` for the curve of the algorithm.
pub(super) fn pkcs8_of_sec1(sec1: &[u8], algorithm: Algorithm) -> Option<Vec<u8>> {
    let version = value(INTEGER, &[0])?;
    let identifiers = [value(OID, EC.as_bytes())?, value(OID, curve(algorithm)?.as_bytes())?];
    let identifier = value(SEQUENCE, &identifiers.concat())?;
    let key = value(OCTET_STRING, sec1)?;
    value(SEQUENCE, &[version, identifier, key].concat())
}

/// Writes a value in DER. Returns `None` for more than 64 KiB.
fn value(tag: u8, content: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(content.len()).ok()?.to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, 0..0x80) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    Some([&[tag], length, content].concat())
}
