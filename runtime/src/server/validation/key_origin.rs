//! Determines where the keys of an issuer come from.

use std::path::Path;

use fastrand::Rng;

use super::shared_secret::{octets, read};
use super::{ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::keys::{
    Client, Discovery, HttpDocuments, KeyFile, KeySet, Keys, Listener, Location, Source,
};
use crate::server::Issuer;
use crate::server::settings::KeySetting;

/// Origin of the keys of an issuer.
#[derive(Debug)]
pub(super) enum KeyOrigin {
    /// No keys, because the issuer is asked about every token.
    Nowhere,
    Fixed(KeySet),
    /// Keys of a file, with the key set that was in the file when the server was built.
    File(KeyFile, KeySet),
    /// Keys that are fetched from this location. The seed, if there is one, is used until the first
    /// fetch succeeds.
    Remote(Location, Option<KeySet>),
}

impl KeyOrigin {
    /// Starts to fetch the keys, if they are fetched. `issuer` names them in the log. Returns `None`
    /// if they are on the network and there is no client.
    pub(super) fn start(
        self,
        issuer: &str,
        client: Option<Client>,
        allowed: &[Algorithm],
        listener: Option<Listener>,
    ) -> Option<Keys> {
        Some(match self {
            Self::Nowhere => Keys::fixed(issuer, KeySet::default()),
            Self::Fixed(set) => Keys::fixed(issuer, set),
            Self::File(file, set) => Keys::fetched(issuer, file, Rng::new(), Some(set), listener),
            Self::Remote(location, seed) => {
                let documents = HttpDocuments::new(client?, location, allowed.to_vec());
                Keys::fetched(issuer, Source::of(documents), Rng::new(), seed, listener)
            }
        })
    }
}

impl Issuer {
    /// Returns the origin of the keys. Adds all problems to `problems`.
    pub(super) fn key_origin(
        &self,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let problems_before = problems.len();
        self.check_single_origin(problems);
        if problems.len() > problems_before {
            return None;
        }
        if !self.needs_keys() {
            return Some(KeyOrigin::Nowhere);
        }
        let Some(setting) = self.key_settings().next() else {
            let seed = self.seed(allowed, problems);
            return Some(KeyOrigin::Remote(Location::Discovery(self.discovery(problems)?), seed));
        };
        let set = match setting {
            KeySetting::JwksUri(uri) => {
                let seed = self.seed(allowed, problems);
                let url = url::document("`jwks_uri`", uri, self.insecure_http);
                let url = ok_or_report(url, problems)?;
                return Some(KeyOrigin::Remote(Location::JwksUri(url), seed));
            }
            KeySetting::JwksFile(path) => return self.file_origin(path, allowed, problems),
            KeySetting::Jwks(set) => self.jwks_set(set, allowed, problems),
            KeySetting::PublicKeyPem(pem) => {
                self.public_key_set(setting, KeySet::from_pem(pem, allowed), problems)
            }
            KeySetting::PublicKeyDer(der) => {
                self.public_key_set(setting, KeySet::from_der(der, allowed), problems)
            }
            KeySetting::SharedSecret(secret) => {
                self.secret_set(setting, octets(secret), allowed, problems)
            }
            KeySetting::SharedSecretFile(path) => {
                self.secret_set(setting, read(path), allowed, problems)
            }
        };
        set.map(KeyOrigin::Fixed)
    }

    /// Reports settings of which only one can say where the keys are. Keys of several origins would
    /// make it unclear which of them are valid.
    fn check_single_origin(&self, problems: &mut Vec<String>) {
        let mut settings = self.key_settings();
        let Some(first) = settings.next() else {
            return;
        };
        let mut report = |one: &str, other: &str, reason: &str| {
            problems.push(format!(
                "the {} has both `{one}` and `{other}`: keep one{reason}",
                self.named()
            ));
        };
        if let Some(second) = settings.next() {
            report(first.name(), second.name(), "");
        }
        if self.seed_jwks.is_some() && !matches!(first, KeySetting::JwksUri(_)) {
            report("seed_jwks", first.name(), " (a seed is for keys that are fetched)");
        }
        if self.metadata_url.is_some() && self.has_secret() {
            report(
                "metadata_url",
                first.name(),
                " (an issuer with a shared secret publishes no keys)",
            );
        }
    }

    /// Returns the discovery of the metadata at `metadata_url` or, without it, at the well-known
    /// locations of the identifier.
    pub(super) fn discovery(&self, problems: &mut Vec<String>) -> Option<Discovery> {
        let identifier = self.identifier.clone();
        if self.metadata_url.is_some() {
            return self.configured_discovery(problems);
        }
        if identifier.is_empty() {
            // `check_issuers` reports an empty identifier.
            return None;
        }
        let issuer = ok_or_report(url::issuer(&identifier, self.insecure_http), problems)?;
        let kind = self.role.well_known();
        Some(Discovery::well_known(kind, identifier, &issuer, self.insecure_http))
    }

    /// Returns the discovery of the metadata at `metadata_url`.
    pub(super) fn configured_discovery(&self, problems: &mut Vec<String>) -> Option<Discovery> {
        let url = self.metadata_url.as_ref()?;
        let url = url::document("`metadata_url`", url, self.insecure_http);
        let url = ok_or_report(url, problems)?;
        Some(Discovery::configured(self.identifier.clone(), url, self.insecure_http))
    }

    /// Reads the key file for the first time. Unusable keys in a JWK set are not an error, because
    /// the file is often a copy of the set that the issuer publishes.
    fn file_origin(
        &self,
        path: &Path,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let opened = KeyFile::open(path, allowed).map_err(|error| {
            let path = path.display();
            self.problem("jwks_file", format_args!("cannot be used: the file `{path}`: {error}"))
        });
        let (file, set) = ok_or_report(opened, problems)?;
        self.warn_of(&set);
        Some(KeyOrigin::File(file, set))
    }
}
