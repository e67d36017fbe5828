//! Checks the secret that an issuer shares with the server. No problem contains a part of the
//! secret.

use std::path::Path;

use super::ok_or_report;
use crate::algorithm::Algorithm;
use crate::bounded_file::read_secret;
use crate::keys::{self, KeySet};
use crate::redaction::redacted;
use crate::server::Issuer;
use crate::server::settings::{KeySetting, SharedSecret};
use crate::token::signature::{Secret, least_length};

/// Largest accepted size of a file with a secret, in bytes.
const FILE_LIMIT: u64 = 512 * 1024;

/// `openssl` breaks base64 after 64 characters, and a secret for HS512 has 88. A line break inside of
/// the text is not base64.
const NOT_BASE64: &str = "is not one line of base64 of the octets of the secret: a passphrase \
                          cannot be used, make a secret with \
                          `openssl rand -base64 64 | tr -d '\\n'`";

impl Issuer {
    /// Returns the key set of a secret that is long enough for each algorithm (RFC 7518 section
    /// 3.2).
    pub(super) fn secret_set(
        &self,
        setting: KeySetting<'_>,
        octets: Result<Vec<u8>, String>,
        algorithms: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeySet> {
        let octets = octets.map_err(|problem| self.problem(setting.name(), problem));
        let secret = Secret::new(ok_or_report(octets, problems)?);
        let issuer = redacted(&self.identifier);
        for algorithm in algorithms {
            if let Some(least) = least_length(*algorithm)
                && secret.len() < least
            {
                problems.push(format!(
                    "the shared secret of the issuer `{issuer}` has {} octets, and `{algorithm}` \
                     needs at least {least}: make one with `openssl rand -base64 {least} | tr -d \
                     '\\n'`",
                    secret.len()
                ));
            }
        }
        KeySet::of_secret(secret, algorithms).ok()
    }
}

/// Returns the octets of a configured secret.
pub(super) fn octets(secret: &SharedSecret) -> Result<Vec<u8>, String> {
    match secret {
        SharedSecret::Octets(octets) => not_empty(octets.clone()),
        SharedSecret::Text(text) => decoded(text),
    }
}

/// Reads the octets of a secret from a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let parse =
        |content: &[u8]| decoded(str::from_utf8(content).map_err(|_| NOT_BASE64)?.trim_end());
    read_secret(path, FILE_LIMIT, parse).map_err(|problem| format!("cannot be used: {problem}"))
}

fn decoded(text: &str) -> Result<Vec<u8>, String> {
    not_empty(keys::decode_base64(text).ok_or(NOT_BASE64)?.octets)
}

fn not_empty(octets: Vec<u8>) -> Result<Vec<u8>, String> {
    if octets.is_empty() {
        return Err(
            "is empty: make a secret with `openssl rand -base64 64 | tr -d '\\n'`".to_owned()
        );
    }
    Ok(octets)
}
