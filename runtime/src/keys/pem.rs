//! Reads public keys in PEM (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::der;
use super::public_key_error::PublicKeyError;
use crate::token::signature::KeyMaterial;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Largest number of blocks in a text.
const BLOCK_LIMIT: usize = 100;

/// Largest number of characters of a label in an error.
const LABEL_LIMIT: usize = 40;

/// Returns true if the text contains the beginning of a PEM block.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Reads all public keys of a text. Text outside of the blocks is ignored (RFC 7468 section 2), and
/// so is white space within a block.
pub(crate) fn public_keys(text: &str) -> Result<Vec<KeyMaterial>, PublicKeyError> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        if keys.len() >= BLOCK_LIMIT {
            return Err("it has more than 100 PEM blocks".into());
        }
        let (label, block) = block.split_once(DASHES).ok_or(INCOMPLETE)?;
        let (body, after) = block.split_once(&format!("{END}{label}{DASHES}")).ok_or(INCOMPLETE)?;
        keys.push(public_key(label, body)?);
        rest = after;
    }
    if keys.is_empty() {
        return Err("it has no PEM block `-----BEGIN PUBLIC KEY-----`".into());
    }
    Ok(keys)
}

const INCOMPLETE: &str = "a PEM block is not complete";

fn public_key(label: &str, body: &str) -> Result<KeyMaterial, PublicKeyError> {
    match label {
        "PUBLIC KEY" => Ok(der::public_key(&octets(body)?)?),
        "RSA PUBLIC KEY" => Ok(der::rsa_public_key(&octets(body)?)?),
        _ if label.ends_with("PRIVATE KEY") => {
            Err("it is a private key, which only the signer may have: write the public key with \
                 `openssl pkey -in private.pem -pubout`, and replace the private key if others \
                 could read it"
                .into())
        }
        _ if label.ends_with("CERTIFICATE") => {
            Err("it is a certificate: write its public key with `openssl x509 -in \
                 certificate.pem -pubkey -noout`"
                .into())
        }
        _ => {
            let label: String =
                label.chars().flat_map(char::escape_debug).take(LABEL_LIMIT).collect();
            Err(format!("the PEM block `{label}` is not a public key").into())
        }
    }
}

fn octets(body: &str) -> Result<Vec<u8>, &'static str> {
    let text: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(text).map_err(|_| "a PEM block is not base64")
}

#[cfg(test)]
mod tests;
