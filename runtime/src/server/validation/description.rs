//! Describes the settings of an issuer for the operator, without secrets.

use serde_json::{Value, json};

use super::url;
use crate::algorithm::Algorithm;
use crate::server::settings::ClaimPaths;
use crate::server::{Issuer, IssuerConfiguration};

impl Issuer {
    /// Describes this issuer. The other arguments are the settings to which the server's defaults
    /// are applied.
    pub(super) fn describe(
        &self,
        audiences: &[String],
        algorithms: &[Algorithm],
        rfc9068: bool,
    ) -> IssuerConfiguration {
        IssuerConfiguration {
            issuer: self.identifier.clone(),
            name: self.name.clone(),
            keys: self.describe_keys(),
            seed: self.seed_jwks.is_some(),
            audiences: audiences.to_vec(),
            algorithms: algorithms.to_vec(),
            provider: self.provider,
            rfc9068,
            required: self.required,
            insecure_http: self.insecure_http,
            ca_file: self.ca_file.clone(),
            headers: self.headers.keys().cloned().collect(),
            claims: self.claims().into_iter().filter(|(_, value)| !value.is_null()).collect(),
        }
    }

    fn describe_keys(&self) -> String {
        if let Some(path) = &self.shared_secret_file {
            return format!("shared_secret_file {}", path.display());
        }
        if let Some(path) = &self.jwks_file {
            return format!("jwks_file {}", path.display());
        }
        let fixed = [
            ("shared_secret", self.shared_secret.is_some()),
            ("jwks", self.jwks.is_some()),
            ("public_key_pem", self.public_key_pem.is_some()),
            ("public_key_der", self.public_key_der.is_some()),
        ];
        if let Some((name, _)) = fixed.into_iter().find(|(_, is_set)| *is_set) {
            return name.to_owned();
        }
        let (name, url) = match (&self.jwks_uri, &self.metadata_url) {
            (Some(uri), _) => ("jwks_uri", uri),
            (None, Some(url)) => ("metadata_url", url),
            (None, None) => ("discovery", &self.identifier),
        };
        format!("{name} {}", without_query(url))
    }

    /// Returns the settings of claims, as a configuration file contains them.
    fn claims(&self) -> [(&'static str, Value); 7] {
        let paths = |paths: &Option<ClaimPaths>| match paths {
            Some(ClaimPaths(paths)) => json!(paths),
            None => Value::Null,
        };
        [
            ("audience_claim", json!(self.audience_claim)),
            ("scopes_claim", paths(&self.scopes_claim)),
            ("roles_claim", paths(&self.roles_claim)),
            ("client_claim", json!(self.client_claim)),
            ("tenant_claim", json!(self.tenant_claim)),
            ("kind_claim", json!(self.kind_claim)),
            ("access_tokens_have_at_hash", json!(self.access_tokens_have_at_hash)),
        ]
    }
}

/// Returns the URL without its query, which may contain a secret.
fn without_query(url: &str) -> String {
    match url.split_once('?') {
        Some((address, _)) => format!("{}?(not shown)", url::redacted(address)),
        None => url::redacted(url).to_owned(),
    }
}
