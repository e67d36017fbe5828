//! Describes the settings of an issuer for the operator, without secrets.

use serde_json::{Value, json};

use crate::algorithm::Algorithm;
use crate::redaction::redacted_url;
use crate::server::settings::{ClaimPaths, KeySetting};
use crate::server::{IntrospectionConfiguration, Issuer, IssuerConfiguration};

impl Issuer {
    /// Describes this issuer. The other arguments are the settings to which the server's defaults
    /// are applied.
    pub(super) fn describe(
        &self,
        audiences: &[String],
        algorithms: &[Algorithm],
        rfc9068: bool,
        introspection: Option<IntrospectionConfiguration>,
    ) -> IssuerConfiguration {
        IssuerConfiguration {
            issuer: self.identifier.clone(),
            name: self.name.clone(),
            keys: self.describe_keys(),
            metadata_url: self.metadata_url.as_deref().map(redacted_url),
            seed: self.seed_jwks.is_some(),
            audiences: audiences.to_vec(),
            algorithms: algorithms.to_vec(),
            provider: self.provider,
            rfc9068,
            required: self.required,
            insecure_http: self.insecure_http,
            ca_file: self.ca_file.clone(),
            headers: self.headers.keys().cloned().collect(),
            introspection,
            #[cfg(feature = "security_events")]
            logout_clients: self.logout_clients.clone(),
            #[cfg(feature = "security_events")]
            token_lifetime: self.token_lifetime,
            claims: self.claims().into_iter().filter(|(_, value)| !value.is_null()).collect(),
        }
    }

    fn describe_keys(&self) -> String {
        if !self.needs_keys() {
            return "introspection".to_owned();
        }
        let Some(setting) = self.key_settings().next() else {
            return match &self.metadata_url {
                Some(url) => format!("metadata_url {}", redacted_url(url)),
                None => format!("discovery {}", redacted_url(&self.identifier)),
            };
        };
        let name = setting.name();
        match setting {
            KeySetting::JwksUri(uri) => format!("{name} {}", redacted_url(uri)),
            KeySetting::JwksFile(path) | KeySetting::SharedSecretFile(path) => {
                format!("{name} {}", path.display())
            }
            KeySetting::Jwks(_)
            | KeySetting::PublicKeyPem(_)
            | KeySetting::PublicKeyDer(_)
            | KeySetting::SharedSecret(_) => name.to_owned(),
        }
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
