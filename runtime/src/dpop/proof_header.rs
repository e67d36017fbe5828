//! The header of a proof: the algorithm, and the key in the parameter `jwk` (RFC 9449 section 4.2).

use crate::algorithm::Algorithm;
use crate::error::Fault;
use crate::json::{Item, Object};
use crate::keys::jwk::Jwk;
use crate::possession::Thumbprint;
use crate::token::Header;
use crate::token::signature::VerificationKey;

/// The only accepted `typ` (RFC 9449 section 4.3 check 4).
const TYP: &str = "dpop+jwt";

/// A header that satisfies all rules.
pub(super) struct ProofHeader {
    key: VerificationKey,
    pub(super) thumbprint: Thumbprint,
}

impl ProofHeader {
    /// Reads the header. Its key has the rules of keys in JWK sets. A key that a JWK set may contain with
    /// a remark, for example with padded base64, is refused: each key has one spelling, so its members
    /// can be hashed as they are.
    pub(super) fn read(header: Object<'_>, allowed: &[Algorithm]) -> Result<Self, Fault> {
        let read = Header::read_as(header, allowed, |typ| typ == Some(TYP));
        let algorithm = read.map_err(of_header)?.algorithm;
        let jwk = match header.get("jwk") {
            None => return Err(Fault::ProofJwkMissing),
            Some(Item::Object(jwk)) => jwk,
            Some(_) => return Err(Fault::ProofJwkNotObject),
        };
        let key = Jwk::read(jwk).map_err(|_| Fault::ProofJwkUnusable)?;
        if !key.irregularities.is_empty() {
            return Err(Fault::ProofJwkUnusable);
        }
        if !key.algorithms.contains(&algorithm) {
            return Err(Fault::ProofJwkOtherAlgorithm);
        }
        let thumbprint = thumbprint(jwk).ok_or(Fault::ProofJwkUnusable)?;
        let key = VerificationKey::parse(algorithm, &key.key).ok_or(Fault::ProofJwkUnusable)?;
        Ok(Self { key, thumbprint })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }
}

/// Returns the fault of a proof for the fault of a token with the same header.
fn of_header(fault: Fault) -> Fault {
    match fault {
        Fault::AlgMissing | Fault::AlgNotString | Fault::AlgNotAccepted => Fault::ProofAlg,
        Fault::Critical => Fault::ProofCritical,
        Fault::Unencoded => Fault::ProofUnencoded,
        Fault::TypNotString | Fault::TypOther => Fault::ProofTyp,
        _ => Fault::ProofMalformed,
    }
}

/// Returns the thumbprint of a key: the digest of its required members in lexicographic order (RFC
/// 7638 section 3, RFC 8037 section 2). The members of a valid key consist of characters that JSON does
/// not escape, because they are base64url and registered names. An invalid key never has the thumbprint
/// of a valid one: a quotation mark in a member would make one member more than the key type has.
fn thumbprint(jwk: Object<'_>) -> Option<Thumbprint> {
    let members: &[&str] = match jwk.get("kty")?.as_str()? {
        "RSA" => &["e", "kty", "n"],
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        _ => return None,
    };
    let mut canonical = String::with_capacity(192);
    for name in members {
        canonical.push_str(if canonical.is_empty() { "{\"" } else { ",\"" });
        canonical.push_str(name);
        canonical.push_str("\":\"");
        canonical.push_str(jwk.get(name)?.as_str()?);
        canonical.push('"');
    }
    canonical.push('}');
    Some(Thumbprint::of(canonical.as_bytes()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::json;
    use crate::token::signature::KeyMaterial;

    /// Returns a header with an Ed25519 key.
    pub(in crate::dpop) fn sample() -> ProofHeader {
        let x = crate::keys::decode_base64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let material = KeyMaterial::Ed25519 { x: x.octets };
        let key = VerificationKey::parse(Algorithm::EdDSA, &material).unwrap();
        ProofHeader { key, thumbprint: Thumbprint::of(b"") }
    }

    fn thumbprint_of(jwk: &str) -> Option<Thumbprint> {
        thumbprint(json::object(jwk.as_bytes()).unwrap().root())
    }

    #[test]
    fn the_thumbprint_is_that_of_the_standards() {
        let rfc7638: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/data/rfc7638/thumbprint.json"))
                .unwrap();
        let rfc8037 =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let cases = [
            (rfc7638["jwk"].to_string(), rfc7638["thumbprint_sha256"].as_str().unwrap()),
            (rfc8037.to_owned(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        ];
        for (jwk, expected) in cases {
            assert_eq!(thumbprint_of(&jwk), Thumbprint::parse(expected), "{jwk}");
        }
    }

    #[test]
    fn further_members_and_the_order_do_not_change_the_thumbprint() {
        let [x, y] = [
            "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        ];
        let expected = Thumbprint::parse("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        for jwk in [
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#),
            format!(r#"{{"y":"{y}","x":"{x}","crv":"P-256","kty":"EC"}}"#),
            format!(
                r#"{{ "kid":"a","y":"{y}","x":"{x}","crv":"P-\u0032\u00356","kty":"EC","e":"AQAB"}}"#
            ),
        ] {
            assert_eq!(thumbprint_of(&jwk), expected, "{jwk}");
        }
    }
}
