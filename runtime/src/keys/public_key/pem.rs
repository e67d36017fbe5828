//! Reads public keys in PEM (RFC 7468).

use super::der;
use super::error::PublicKeyError;
use crate::pem::{Block, blocks};
use crate::token::signature::KeyMaterial;

/// Largest number of blocks in a text.
const BLOCK_LIMIT: usize = 100;

/// Largest number of characters of a label in an error.
const LABEL_LIMIT: usize = 40;

/// Reads all public keys of a text.
pub(crate) fn public_keys(text: &str) -> Result<Vec<KeyMaterial>, PublicKeyError> {
    let mut keys = Vec::new();
    for block in blocks(text) {
        if keys.len() >= BLOCK_LIMIT {
            return Err("it has more than 100 PEM blocks".into());
        }
        keys.push(public_key(&block.ok_or("a PEM block is not complete")?)?);
    }
    if keys.is_empty() {
        return Err("it has no PEM block `-----BEGIN PUBLIC KEY-----`".into());
    }
    Ok(keys)
}

fn public_key(block: &Block<'_>) -> Result<KeyMaterial, PublicKeyError> {
    let octets = || block.octets().ok_or("a PEM block is not base64");
    match block.label {
        "PUBLIC KEY" => Ok(der::public_key(&octets()?)?),
        "RSA PUBLIC KEY" => Ok(der::rsa_public_key(&octets()?)?),
        label if label.ends_with("PRIVATE KEY") => {
            Err("it is a private key, which only the signer may have: write the public key with \
                 `openssl pkey -in private.pem -pubout`, and replace the private key if others \
                 could read it"
                .into())
        }
        label if label.ends_with("CERTIFICATE") => {
            Err("it is a certificate: write its public key with `openssl x509 -in \
                 certificate.pem -pubkey -noout`"
                .into())
        }
        label => {
            let label: String =
                label.chars().flat_map(char::escape_debug).take(LABEL_LIMIT).collect();
            Err(format!("the PEM block `{label}` is not a public key").into())
        }
    }
}

#[cfg(test)]
mod tests;
