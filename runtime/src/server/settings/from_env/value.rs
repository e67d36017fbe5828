//! Reads the values of environment variables. An error is the predicate of a sentence whose subject
//! is the variable, for example "is empty".

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use crate::algorithm::Algorithm;
use crate::dpop::Dpop;
use crate::introspection::Mode;
use crate::server::ClientCertificateHeader;
use crate::token::Provider;
use crate::transport::ClientCertificateFormat;

/// The largest number of characters of a value that an error shows.
const SHOWN: usize = 64;

/// Reads a text without white space around it.
pub(super) fn text(text: &str) -> Result<String, String> {
    if text.trim() == text {
        Ok(text.to_owned())
    } else {
        Err("starts or ends with white space: remove it".to_owned())
    }
}

/// Reads the path of a file that contains a secret. An error never shows the value, because an
/// operator may have set the variable to the secret itself.
pub(super) fn secret_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() {
        Ok(path)
    } else {
        Err("is not the path of a file that this process can find".to_owned())
    }
}

/// Reads a list whose elements are separated by commas and white space.
pub(super) fn list(text: &str) -> Result<Vec<String>, String> {
    let elements: Vec<_> = elements(text).map(str::to_owned).collect();
    if elements.is_empty() { Err("contains only separators".to_owned()) } else { Ok(elements) }
}

/// Reads a list of signature algorithms.
pub(super) fn algorithms(text: &str) -> Result<Vec<Algorithm>, String> {
    list(text)?
        .iter()
        .map(|name| {
            Algorithm::named(name).ok_or_else(|| {
                let known = Algorithm::ALL.map(Algorithm::name).join(", ");
                format!("contains `{}`, which is not one of {known}", shown(name))
            })
        })
        .collect()
}

pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("is `{}`, not `true` or `false`", shown(text))),
    }
}

/// Reads the acceptance of DPoP, or the requirement that each token is bound to a key.
pub(super) fn dpop(text: &str) -> Result<Option<Dpop>, String> {
    match text {
        "true" => Ok(Some(Dpop::new())),
        "required" => Ok(Some(Dpop::new().required())),
        "false" => Ok(None),
        _ => Err(format!("is `{}`, not `true`, `required` or `false`", shown(text))),
    }
}

/// Reads a whole number of seconds. A sign is an error.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_number);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| format!("is `{}`, not a whole number of seconds", shown(text)))
}

/// Reads a mode of introspection by the name that it has in configuration files.
pub(super) fn mode(text: &str) -> Result<Mode, String> {
    Mode::deserialize(shown(text).into_deserializer())
        .map_err(|error: Error| format!("has no known value: {error}"))
}

/// Reads a provider by the name that it has in configuration files.
pub(super) fn provider(text: &str) -> Result<Provider, String> {
    Provider::deserialize(shown(text).into_deserializer())
        .map_err(|error: Error| format!("has no known value: {error}"))
}

/// Reads the format of a header with a certificate, and optionally the name of the header after it.
pub(super) fn client_certificate_header(text: &str) -> Result<ClientCertificateHeader, String> {
    let mut words = elements(text);
    let (format, name) = (words.next().unwrap_or_default(), words.next());
    if words.next().is_some() {
        return Err("has more than two words: set a format, and a name after it".to_owned());
    }
    let known = ClientCertificateFormat::ALL.into_iter().find(|one| one.name() == format);
    let Some(known) = known else {
        let all = ClientCertificateFormat::ALL.map(ClientCertificateFormat::name).join(", ");
        return Err(format!("begins with `{}`, which is not one of {all}", shown(format)));
    };
    Ok(ClientCertificateHeader { format: known, name: name.map(str::to_owned) })
}

fn elements(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character == ',' || character.is_whitespace())
        .filter(|element| !element.is_empty())
}

/// Escapes a value for an error and cuts it.
fn shown(text: &str) -> String {
    text.chars().flat_map(char::escape_debug).take(SHOWN).collect()
}
