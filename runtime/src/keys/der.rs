//! Reads public keys in DER (RFC 5280 section 4.1, RFC 8017 appendix A.1.1).

use pkcs1::RsaPublicKey;
use spki::SubjectPublicKeyInfoRef;
use spki::der::Decode;
use spki::der::asn1::ObjectIdentifier;

use super::public_key;
use crate::token::signature::{Curve, KeyMaterial};

/// RFC 8017 appendix A.1
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// RFC 4055 section 1.2
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// RFC 5480 section 2.1.1
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 8410 section 3
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// RFC 5480 section 2.1.1.1
const CURVES: [(ObjectIdentifier, Curve); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
];

const NOT_DER: &str = "it is not a public key in DER: write one with `openssl pkey -pubin -in \
                       public.pem -outform DER`";

/// Reads a `SubjectPublicKeyInfo`.
pub(crate) fn public_key(der: &[u8]) -> Result<KeyMaterial, &'static str> {
    let key = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| NOT_DER)?;
    let octets = key.subject_public_key.as_bytes().ok_or(NOT_DER)?;
    match key.algorithm.oid {
        RSA => rsa_public_key(octets),
        EC => {
            let curve = key.algorithm.parameters_oid().map_err(|_| "its curve is not supported")?;
            ec_public_key(curve, octets)
        }
        ED25519 => public_key::ed25519(octets),
        RSA_PSS => Err("its RSA key is restricted to RSASSA-PSS, which is not supported: use a \
                        key of the type `rsaEncryption`, which verifies PS256 too"),
        _ => Err("its key type is not supported"),
    }
}

/// Reads an `RSAPublicKey`.
pub(super) fn rsa_public_key(der: &[u8]) -> Result<KeyMaterial, &'static str> {
    let key = RsaPublicKey::from_der(der).map_err(|_| "its RSA key is not valid DER")?;
    public_key::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

/// Reads an uncompressed point (SEC 1 section 2.3.4).
fn ec_public_key(oid: ObjectIdentifier, octets: &[u8]) -> Result<KeyMaterial, &'static str> {
    let (_, curve) =
        CURVES.into_iter().find(|(known, _)| *known == oid).ok_or("its curve is not supported")?;
    let length = public_key::coordinate_length(curve);
    match octets {
        [0x04, coordinates @ ..] if coordinates.len() == length.saturating_mul(2) => {
            let (x, y) = coordinates.split_at(length);
            public_key::ec(curve, x, y)
        }
        [0x02 | 0x03, ..] => Err("its point is compressed: write it with `openssl ec -pubin -in \
                                  public.pem -conv_form uncompressed`"),
        _ => Err("its point is malformed"),
    }
}
