//! Builds the server: checks the whole configuration, then starts to fetch the keys of the issuers.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::config_url;
use super::issuer_validation::{Defaults, SettledIssuer};
use super::verified_tokens::VerifiedTokens;
use super::{Inner, ResourceServer, ResourceServerBuilder};
use crate::algorithm::Algorithm;
use crate::error::ConfigError;
use crate::keys;
use crate::refusal::Refusals;
use crate::revocation::Revocations;
use crate::telemetry;
use crate::token::signature;

/// The longest leeway that a configuration can set. RFC 7519 section 4.1.4 says "no more than a few
/// minutes".
const LEEWAY_LIMIT: Duration = Duration::from_secs(300);

impl ResourceServerBuilder {
    /// Builds the server. Inside a tokio runtime, this method also starts tasks that fetch the
    /// issuers' keys, but it does not wait for the keys. An API can therefore start while its
    /// issuer is down. Call this method in the tokio runtime that serves requests, because the
    /// tasks run in the current runtime. The timers of the runtime must be enabled.
    ///
    /// # Errors
    ///
    /// Returns one error that lists all problems of the configuration.
    pub fn build(self) -> Result<ResourceServer, ConfigError> {
        self.build_with_problems(Vec::new())
    }

    /// Builds the server. If `problems` is not empty, or if the configuration has problems, the
    /// error lists all of them.
    pub(super) fn build_with_problems(
        self,
        mut problems: Vec<String>,
    ) -> Result<ResourceServer, ConfigError> {
        self.check(&mut problems);
        let defaults = Defaults {
            audiences: &self.audiences,
            algorithms: self.algorithms.as_deref(),
            rfc9068: self.rfc9068,
            leeway: self.leeway,
        };
        let settled: Vec<SettledIssuer> = self
            .issuers
            .into_iter()
            .filter_map(|issuer| issuer.settle(&defaults, &mut problems))
            .collect();
        let needs_client = settled.iter().any(SettledIssuer::needs_client);
        let client = match needs_client.then(keys::Client::new).transpose() {
            Ok(client) => client,
            Err(error) => {
                problems.push(format!("cannot create the HTTPS client: {}", root_cause(&error)));
                None
            }
        };
        ConfigError::unless_empty(problems)?;
        telemetry::describe();
        let issuers: HashMap<_, _> = settled
            .into_iter()
            .filter_map(|issuer| issuer.start(client.as_ref(), self.listener.as_ref()))
            .map(|issuer| (issuer.identifier.clone(), Arc::new(issuer)))
            .collect();
        let revocations = Revocations::new(
            issuers.keys().map(String::as_str),
            self.revocation_bytes,
            Arc::clone(&self.clock),
            self.leeway,
        );
        Ok(ResourceServer(Arc::new(Inner {
            issuers,
            verified: VerifiedTokens::with_capacity(self.verified_token_bytes),
            revocations,
            websocket_protocol_token: self.websocket_protocol_token,
            clock: self.clock,
            refusals: Refusals::new(self.realm, self.resource_metadata, self.refusal_body),
        })))
    }

    fn check(&self, problems: &mut Vec<String>) {
        if !Algorithm::ALL.into_iter().any(signature::is_supported) {
            problems.push("enable the feature `aws_lc_rs` or `rust_crypto`".to_owned());
        }
        if self.issuers.is_empty() {
            problems
                .push("no issuer: set the issuer of the access tokens with `issuer`".to_owned());
            if self.audiences.is_empty() {
                let problem = "no audience: set the identifier of this API with `audience`";
                problems.push(problem.to_owned());
            }
        }
        for (index, issuer) in self.issuers.iter().enumerate() {
            let identifier = &issuer.identifier;
            if self.issuers.iter().take(index).any(|earlier| earlier.identifier == *identifier) {
                let redacted = config_url::redacted(identifier);
                problems.push(format!("the issuer `{redacted}` is configured twice"));
            }
        }
        for name in self.issuers.iter().filter_map(|issuer| issuer.name.as_ref()) {
            let uses = self
                .issuers
                .iter()
                .filter(|issuer| issuer.name.as_ref() == Some(name) || issuer.identifier == *name)
                .count();
            if name.trim().is_empty() || uses > 1 {
                problems.push(format!("the issuer name `{name}` is empty or not unique"));
            }
        }
        if self.leeway > LEEWAY_LIMIT {
            let limit = LEEWAY_LIMIT.as_secs();
            problems.push(format!("the leeway is longer than {limit} s"));
        }
        if !is_quotable(&self.realm) {
            let problem = "the realm is empty or contains a quote, a backslash or a character \
                           outside printable ASCII";
            problems.push(problem.to_owned());
        }
        if let Some(url) = &self.resource_metadata
            && let Err(problem) = config_url::url("`resource_metadata`", url)
        {
            problems.push(problem);
        }
    }
}

/// Returns true if the text is not empty and needs no escapes in a quoted-string (RFC 9110 section
/// 5.6.4).
fn is_quotable(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
        && HeaderValue::from_str(text).is_ok()
}

/// Returns the innermost source of the error, which states the cause of the error.
fn root_cause<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    error.source().map_or(error, root_cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Issuer;

    #[test]
    fn problems_never_contain_a_password() {
        let issuer = || Issuer::new("https://user:secret@a.example.com").algorithms([]);
        let builder = ResourceServer::builder().issuer(issuer()).issuer(issuer());
        let problems = builder.build().unwrap_err().to_string();
        assert!(problems.contains("remove it"), "{problems}");
        assert!(!problems.contains("secret"), "{problems}");
    }

    #[test]
    fn issuer_names_are_unique_and_not_empty() {
        let (a, b) = ("https://a.example.com", "https://b.example.com");
        let build = |first: Issuer, second: Issuer| {
            let builder = ResourceServer::builder().audience("api");
            builder.issuer(first).issuer(second).build().is_ok()
        };
        let named = |issuer: &str, name: &str| Issuer::new(issuer).name(name);
        assert!(build(named(a, "acme"), named(b, "partner")));
        assert!(build(named(a, a), named(b, "partner")));
        assert!(!build(named(a, "acme"), named(b, "acme")));
        assert!(!build(named(a, b), Issuer::new(b)));
        assert!(!build(named(a, " "), Issuer::new(b)));
    }
}
