//! Checks the secret that an issuer shares with the server. No problem contains a part of the
//! secret.

use std::path::Path;

use super::key_origin::KeyOrigin;
use super::{ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::keys::{self, KeySet};
use crate::server::Issuer;
use crate::server::settings::SharedSecret;
use crate::token::signature::{Secret, least_length};

const NOT_BASE64: &str = "is not base64 of the octets of the secret: a passphrase cannot be used, \
                          make a secret with `openssl rand -base64 64`";

impl Issuer {
    /// Returns true if the issuer signs its tokens with a shared secret.
    pub(super) fn has_secret(&self) -> bool {
        self.shared_secret.is_some() || self.shared_secret_file.is_some()
    }

    /// Returns the octets of the secret, or `None` if there is no secret or it cannot be read.
    pub(super) fn secret(&self, problems: &mut Vec<String>) -> Option<Secret> {
        let (setting, secret) = match (&self.shared_secret, &self.shared_secret_file) {
            (Some(SharedSecret::Octets(octets)), _) => {
                ("`shared_secret`".to_owned(), not_empty(octets.clone()))
            }
            (Some(SharedSecret::Text(text)), _) => ("`shared_secret`".to_owned(), decoded(text)),
            (None, Some(path)) => {
                (format!("`shared_secret_file` `{}`", path.display()), read(path))
            }
            (None, None) => return None,
        };
        let secret = secret.map_err(|problem| {
            let issuer = url::redacted(&self.identifier);
            format!("the {setting} of the issuer `{issuer}` {problem}")
        });
        ok_or_report(secret, problems).map(Secret::new)
    }

    /// Checks that the secret is long enough for each algorithm (RFC 7518 section 3.2).
    pub(super) fn secret_origin(
        &self,
        secret: Secret,
        algorithms: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let issuer = url::redacted(&self.identifier);
        for algorithm in algorithms {
            if let Some(least) = least_length(*algorithm)
                && secret.len() < least
            {
                problems.push(format!(
                    "the shared secret of the issuer `{issuer}` has {} octets, and `{algorithm}` \
                     needs at least {least}: make one with `openssl rand -base64 {least}`",
                    secret.len()
                ));
            }
        }
        KeySet::of_secret(secret, algorithms).ok().map(KeyOrigin::Fixed)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let content = keys::read_key_file(path).map_err(|error| format!("cannot be read: {error}"))?;
    decoded(str::from_utf8(&content).map_err(|_| NOT_BASE64)?.trim_end())
}

fn decoded(text: &str) -> Result<Vec<u8>, String> {
    not_empty(keys::decode_base64(text).ok_or(NOT_BASE64)?.octets)
}

fn not_empty(octets: Vec<u8>) -> Result<Vec<u8>, String> {
    if octets.is_empty() {
        return Err("is empty: make a secret with `openssl rand -base64 64`".to_owned());
    }
    Ok(octets)
}
