//! Determines where the keys of an issuer come from.

use std::path::Path;

use super::{ok_or_report, url};
use crate::algorithm::Algorithm;
use crate::keys::{Discovery, KeyFile, KeySet, Location};
use crate::server::Issuer;

/// Origin of the keys of an issuer.
#[derive(Debug)]
pub(super) enum KeyOrigin {
    Fixed(KeySet),
    /// Keys of a file, with the key set that was in the file when the server was built.
    File(KeyFile, KeySet),
    /// Keys that are fetched from this location. The seed, if there is one, is used until the first
    /// fetch succeeds.
    Remote(Location, Option<KeySet>),
}

impl Issuer {
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
        if let Some(secret) = self.secret(problems) {
            return self.secret_origin(secret, allowed, problems);
        }
        if let Some(set) = &self.jwks {
            return self.jwks_origin(set, allowed, problems);
        }
        if let Some(path) = &self.jwks_file {
            return self.file_origin(path, allowed, problems);
        }
        if let Some(pem) = &self.public_key_pem {
            let set = KeySet::from_pem(pem, allowed).map_err(|error| error.to_string());
            return self.public_key_origin("public_key_pem", set, problems);
        }
        if let Some(der) = &self.public_key_der {
            let set = KeySet::from_der(der, allowed).map_err(|error| error.to_string());
            return self.public_key_origin("public_key_der", set, problems);
        }
        if self.has_secret() {
            return None;
        }
        self.remote_origin(allowed, problems)
    }

    /// Reports settings of which only one can say where the keys are. Keys of several origins would
    /// make it unclear which of them are valid.
    fn check_single_origin(&self, problems: &mut Vec<String>) {
        let origins = [
            ("jwks_uri", self.jwks_uri.is_some()),
            ("jwks", self.jwks.is_some()),
            ("jwks_file", self.jwks_file.is_some()),
            ("public_key_pem", self.public_key_pem.is_some()),
            ("public_key_der", self.public_key_der.is_some()),
            ("shared_secret", self.shared_secret.is_some()),
            ("shared_secret_file", self.shared_secret_file.is_some()),
        ];
        let mut present = origins.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| *name);
        let Some(first) = present.next() else {
            return;
        };
        let issuer = url::redacted(&self.identifier);
        if let Some(second) = present.next() {
            problems
                .push(format!("the issuer `{issuer}` has both `{first}` and `{second}`: keep one"));
        }
        if self.seed_jwks.is_some() && first != "jwks_uri" {
            problems.push(format!(
                "the issuer `{issuer}` has both `seed_jwks` and `{first}`: keep one (a seed is for \
                 keys that are fetched)"
            ));
        }
        if self.metadata_url.is_some() && self.has_secret() {
            problems.push(format!(
                "the issuer `{issuer}` has both `metadata_url` and `{first}`: keep one (an issuer \
                 with a shared secret publishes no keys)"
            ));
        }
    }

    fn remote_origin(
        &self,
        allowed: &[Algorithm],
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let seed = self.seed(allowed, problems);
        if let Some(uri) = &self.jwks_uri {
            let url = url::document("`jwks_uri`", uri, self.insecure_http);
            let url = ok_or_report(url, problems)?;
            return Some(KeyOrigin::Remote(Location::JwksUri(url), seed));
        }
        Some(KeyOrigin::Remote(Location::Discovery(self.discovery(problems)?), seed))
    }

    /// Returns the discovery of the metadata at `metadata_url` or, without it, at the well-known
    /// locations of the identifier.
    fn discovery(&self, problems: &mut Vec<String>) -> Option<Discovery> {
        let identifier = self.identifier.clone();
        if self.metadata_url.is_some() {
            return self.configured_discovery(problems);
        }
        let issuer = ok_or_report(url::issuer(&identifier, self.insecure_http), problems)?;
        Some(Discovery::well_known(identifier, &issuer, self.insecure_http))
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
            format!(
                "the `jwks_file` `{}` of the issuer `{}` cannot be used: {error}",
                path.display(),
                url::redacted(&self.identifier)
            )
        });
        let (file, set) = ok_or_report(opened, problems)?;
        self.warn_of(&set);
        Some(KeyOrigin::File(file, set))
    }

    fn public_key_origin(
        &self,
        name: &str,
        set: Result<KeySet, String>,
        problems: &mut Vec<String>,
    ) -> Option<KeyOrigin> {
        let set = set.map_err(|error| {
            let issuer = url::redacted(&self.identifier);
            format!("the `{name}` of the issuer `{issuer}` cannot be used: {error}")
        });
        ok_or_report(set, problems).map(KeyOrigin::Fixed)
    }
}
