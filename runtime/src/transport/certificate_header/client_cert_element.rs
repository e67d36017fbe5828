//! The value of Envoy's `X-Forwarded-Client-Cert`: elements that are separated by commas, each with
//! pairs `Key=value` that are separated by semicolons.

use super::encoded_pem::{self, octet};
use crate::transport::ClientCertificate;

/// Reads the certificate in `Cert` of the only element. Each proxy adds an element, so a value with
/// several contains a certificate that another proxy or the client has reported.
///
/// Envoy writes the names of a certificate into the element as they are, without quotes. A client
/// that signs its certificate itself can therefore add pairs to the element. For this reason a
/// second `Cert` is refused, and Envoy's `Hash` must be that of the certificate.
pub(super) fn certificate(value: &[u8]) -> Option<ClientCertificate> {
    let element = Element::parse(value)?;
    let certificate = encoded_pem::certificate(&element.cert?)?;
    let is_consistent = element.hash.is_none_or(|hash| is_consistent(&hash, &certificate));
    is_consistent.then_some(certificate)
}

/// The pairs of an element that matter here, without quotes.
#[derive(Default)]
struct Element {
    cert: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
}

impl Element {
    /// Parses a value with one element. Returns `None` if the value is malformed, or if it has
    /// several elements, or the same key twice.
    fn parse(value: &[u8]) -> Option<Self> {
        let mut element = Self::default();
        let mut rest = value;
        loop {
            let (key, after_key) = key(rest)?;
            let (value, after) = pair_value(after_key)?;
            if let Some(known) = element.known(key)
                && known.replace(value).is_some()
            {
                return None;
            }
            rest = match after {
                [] => return Some(element),
                [b';', next @ ..] => next,
                _ => return None,
            };
        }
    }

    /// Returns the value of a known key. Keys are case-insensitive.
    fn known(&mut self, key: &[u8]) -> Option<&mut Option<Vec<u8>>> {
        if key.eq_ignore_ascii_case(b"cert") {
            Some(&mut self.cert)
        } else if key.eq_ignore_ascii_case(b"hash") {
            Some(&mut self.hash)
        } else {
            None
        }
    }
}

/// Splits a pair into its key, which consists of letters and digits, and the text after the `=`.
fn key(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = pair.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (key, rest) = pair.split_at_checked(length)?;
    let after = rest.strip_prefix(b"=")?;
    (!key.is_empty()).then_some((key, after))
}

/// Reads a value, with double quotes or without, and returns it and the text after it. A backslash
/// in quotes precedes a character that stands for itself.
fn pair_value(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let length = text.iter().take_while(|byte| !b";,\"".contains(byte)).count();
        let (value, after) = text.split_at_checked(length)?;
        return Some((value.to_owned(), after));
    };
    let mut value = Vec::new();
    let mut bytes = quoted.iter();
    loop {
        match bytes.next()? {
            b'"' => return Some((value, bytes.as_slice())),
            b'\\' => value.push(*bytes.next()?),
            byte => value.push(*byte),
        }
    }
}

/// Returns false if the hash is the SHA-256 of another certificate, in hexadecimal. A text of
/// another form is not a hash of Envoy and says nothing.
fn is_consistent(hash: &[u8], certificate: &ClientCertificate) -> bool {
    sha256(hash).is_none_or(|octets| octets == certificate.thumbprint().octets())
}

fn sha256(hexadecimal: &[u8]) -> Option<Vec<u8>> {
    let octets = hexadecimal.chunks(2).map(|digits| match digits {
        [high, low] => octet(*high, *low),
        _ => None,
    });
    octets.collect::<Option<Vec<_>>>().filter(|octets| octets.len() == 32)
}
