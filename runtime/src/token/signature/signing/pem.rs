//! Reads a private key in PEM (RFC 7468 sections 10 and 13, RFC 5915 section 4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{PrivateKey, der};
use crate::algorithm::Algorithm;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Curve parameters that `openssl ecparam -genkey` writes before the key.
const PARAMETERS: &str = "EC PARAMETERS";

/// Returns the only private key of the text.
pub(super) fn private_key(text: &str, algorithm: Algorithm) -> Result<PrivateKey, String> {
    let mut found = None;
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let incomplete = "has a PEM block that is not complete";
        let (label, block) = block.split_once(DASHES).ok_or(incomplete)?;
        let (body, after) = block.split_once(&format!("{END}{label}{DASHES}")).ok_or(incomplete)?;
        rest = after;
        if label == PARAMETERS {
            continue;
        }
        if found.is_some() {
            return Err("has more than one PEM block: keep the private key".to_owned());
        }
        found = Some(of_block(label, body, algorithm)?);
    }
    found.ok_or_else(|| {
        "has no PEM block `-----BEGIN PRIVATE KEY-----`: write one with `openssl pkey -in \
         private.pem`"
            .to_owned()
    })
}

fn of_block(label: &str, body: &str, algorithm: Algorithm) -> Result<PrivateKey, String> {
    let damaged = "has a PEM block that is not a private key in DER";
    match label {
        "PRIVATE KEY" => der::pkcs8(octets(body)?).ok_or_else(|| damaged.to_owned()),
        "RSA PRIVATE KEY" | "EC PRIVATE KEY" if body.contains("ENCRYPTED") => Err(ENCRYPTED.into()),
        "RSA PRIVATE KEY" => Ok(PrivateKey::Rsa(octets(body)?)),
        "EC PRIVATE KEY" => match der::pkcs8_of_sec1(&octets(body)?, algorithm) {
            Some(key) => Ok(PrivateKey::Ec(key)),
            None => Err(format!(
                "has a key on an elliptic curve, with which `{algorithm}` cannot sign: choose the \
                 algorithm of the key"
            )),
        },
        "ENCRYPTED PRIVATE KEY" => Err(ENCRYPTED.into()),
        _ if label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") => {
            Err("has a public key or a certificate, which cannot sign: use the private key".into())
        }
        _ => Err("has a PEM block of another type: use `-----BEGIN PRIVATE KEY-----`".into()),
    }
}

const ENCRYPTED: &str = "has an encrypted private key: decrypt it with `openssl pkey -in \
                         encrypted.pem`, and protect the file by its permissions";

fn octets(body: &str) -> Result<Vec<u8>, String> {
    let text: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(text).map_err(|_| "has a PEM block that is not base64".to_owned())
}
