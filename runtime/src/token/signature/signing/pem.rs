//! Reads a private key in PEM (RFC 7468 sections 10 and 13, RFC 5915 section 4).

use super::{PrivateKey, der};
use crate::algorithm::Algorithm;
use crate::pem::{Block, blocks};

/// Curve parameters that `openssl ecparam -genkey` writes before the key.
const PARAMETERS: &str = "EC PARAMETERS";

/// Returns the only private key of the text.
pub(super) fn private_key(text: &str, algorithm: Algorithm) -> Result<PrivateKey, String> {
    let mut found = None;
    for block in blocks(text) {
        let block = block.ok_or("has a PEM block that is not complete")?;
        if block.label == PARAMETERS {
            continue;
        }
        if found.is_some() {
            return Err("has more than one PEM block: keep the private key".to_owned());
        }
        found = Some(of_block(&block, algorithm)?);
    }
    found.ok_or_else(|| {
        "has no PEM block `-----BEGIN PRIVATE KEY-----`: write one with `openssl pkey -in \
         private.pem`"
            .to_owned()
    })
}

fn of_block(block: &Block<'_>, algorithm: Algorithm) -> Result<PrivateKey, String> {
    let octets = || block.octets().ok_or("has a PEM block that is not base64");
    let damaged = "has a PEM block that is not a private key in DER";
    match block.label {
        "PRIVATE KEY" => der::pkcs8(octets()?).ok_or_else(|| damaged.to_owned()),
        "RSA PRIVATE KEY" | "EC PRIVATE KEY" if block.body.contains("ENCRYPTED") => {
            Err(ENCRYPTED.into())
        }
        "RSA PRIVATE KEY" => Ok(PrivateKey::Rsa(octets()?)),
        "EC PRIVATE KEY" => match der::pkcs8_of_sec1(&octets()?, algorithm) {
            Some(key) => Ok(PrivateKey::Ec(key)),
            None => Err(format!(
                "has a key on an elliptic curve, with which `{algorithm}` cannot sign: choose the \
                 algorithm of the key"
            )),
        },
        "ENCRYPTED PRIVATE KEY" => Err(ENCRYPTED.into()),
        label if label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") => {
            Err("has a public key or a certificate, which cannot sign: use the private key".into())
        }
        _ => Err("has a PEM block of another type: use `-----BEGIN PRIVATE KEY-----`".into()),
    }
}

const ENCRYPTED: &str = "has an encrypted private key: decrypt it with `openssl pkey -in \
                         encrypted.pem`, and protect the file by its permissions";
