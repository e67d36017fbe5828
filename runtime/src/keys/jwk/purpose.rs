//! Decides whether a JWK is for the verification of signatures.

use super::finding::Finding::{self, OtherPurpose, Unusable};
use super::member::{member, text};
use crate::json::{Item, Object};

/// Beginnings of the algorithms for the encryption of keys (RFC 7518 section 4.1).
const KEY_ENCRYPTION: [&str; 5] = ["RSA1_5", "RSA-OAEP", "ECDH-", "PBES2-", "HPKE-"];

/// Beginnings of the algorithms that encrypt keys or content with AES (RFC 7518 sections 4.1 and
/// 5.1).
const AES: [&str; 3] = ["A128", "A192", "A256"];

/// Checks that the JWK is for the verification of signatures. `use` and `key_ops`, if present, must
/// both permit it (RFC 7517 sections 4.2 and 4.3). An empty `key_ops` permits no operation, so it
/// counts as absent.
pub(super) fn check_purpose(jwk: Object<'_>) -> Result<(), Finding> {
    match text(jwk, "use")? {
        None | Some("sig") => {}
        Some("enc") => return Err(OtherPurpose("it is for encryption")),
        Some(_) => return Err(Unusable("its `use` is neither `sig` nor `enc`")),
    }
    match member(jwk, "key_ops") {
        None => {}
        Some(Item::Array(operations)) => {
            let mut names = operations.items().map(Item::as_str);
            if operations.items().count() > 0 && !names.any(|name| name == Some("verify")) {
                return Err(OtherPurpose("its `key_ops` does not contain `verify`"));
            }
        }
        Some(_) => return Err(Unusable("its `key_ops` is not an array")),
    }
    if text(jwk, "alg")?.is_some_and(is_for_encryption) {
        return Err(OtherPurpose("its `alg` is for encryption"));
    }
    if matches!(text(jwk, "crv")?, Some("X25519" | "X448")) {
        return Err(OtherPurpose("its curve is for key agreement"));
    }
    Ok(())
}

fn is_for_encryption(algorithm: &str) -> bool {
    algorithm == "dir"
        || KEY_ENCRYPTION.iter().chain(&AES).any(|beginning| algorithm.starts_with(beginning))
}
