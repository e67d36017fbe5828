//! From the description to the server: everything is checked before anything runs.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use super::config_url;
use super::issuer::Issuer;
use super::settle::{Defaults, Settled};
use super::verified_tokens::VerifiedTokens;
use super::{Inner, ResourceServer, ResourceServerBuilder};
use crate::algorithm::Algorithm;
use crate::error::ConfigError;
use crate::keys;
use crate::refusal::Refusals;
use crate::revocation::Revocations;
use crate::telemetry;
use crate::token::signature;

/// The largest leeway for clocks that differ: "a few minutes" (RFC 7519 section 4.1.4).
const LEEWAY_LIMIT: Duration = Duration::from_secs(300);

impl ResourceServerBuilder {
    /// Builds the server and, inside a tokio runtime, begins to fetch keys; it does not wait for
    /// them, so that an API starts while its issuer is down. Build it on the runtime that serves,
    /// one with timers; keys are fetched there.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the description, at once.
    pub fn build(self) -> Result<ResourceServer, ConfigError> {
        self.build_unless(Vec::new())
    }

    /// Builds it unless something else is wrong already, which is told with the rest.
    pub(super) fn build_unless(
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
        let settle = |issuer: Issuer| issuer.settle(&defaults, &mut problems);
        let issuers: Vec<_> = self.issuers.into_iter().filter_map(settle).collect();
        let remote = issuers.iter().any(Settled::needs_client);
        let client = match remote.then(keys::Client::new).transpose() {
            Ok(client) => client,
            Err(error) => {
                problems.push(format!("no HTTPS client can be made: {}", cause_of(&error)));
                None
            }
        };
        ConfigError::unless_empty(problems)?;
        telemetry::describe();
        let start = |issuer: Settled| issuer.start(client.as_ref(), self.listener.as_ref());
        let issuers = issuers.into_iter().filter_map(start);
        let issuers: HashMap<_, _> =
            issuers.map(|one| (one.identifier.clone(), Arc::new(one))).collect();
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
            problems.push("no issuer: name who signs the tokens with `issuer`".to_owned());
            if self.audiences.is_empty() {
                let problem = "no audience: name this API's identifier with `audience`";
                problems.push(problem.to_owned());
            }
        }
        for (index, issuer) in self.issuers.iter().enumerate() {
            let name = &issuer.identifier;
            if self.issuers.iter().take(index).any(|earlier| earlier.identifier == *name) {
                let name = config_url::shown(name);
                problems.push(format!("the issuer `{name}` is named twice"));
            }
        }
        for name in self.issuers.iter().filter_map(|issuer| issuer.name.as_ref()) {
            let means =
                |issuer: &&Issuer| issuer.name.as_ref() == Some(name) || issuer.identifier == *name;
            if name.trim().is_empty() || self.issuers.iter().filter(means).count() > 1 {
                problems.push(format!("the name `{name}` of an issuer is empty or means two"));
            }
        }
        if self.leeway > LEEWAY_LIMIT {
            let limit = LEEWAY_LIMIT.as_secs();
            problems.push(format!("the leeway is longer than {limit} s"));
        }
        if !is_quotable(&self.realm) {
            problems.push("the realm is empty or has a quote, a backslash or a control".to_owned());
        }
        if let Some(url) = &self.resource_metadata
            && let Err(problem) = config_url::url("`resource_metadata`", url)
        {
            problems.push(problem);
        }
    }
}

/// Fit for a quoted-string without an escape (RFC 9110 section 5.6.4).
fn is_quotable(text: &str) -> bool {
    let quotable = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    !text.is_empty() && text.bytes().all(quotable) && HeaderValue::from_str(text).is_ok()
}

/// Where an error began: what wraps it says only that something failed.
fn cause_of<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    error.source().map_or(error, cause_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_problem_shows_a_password() {
        let issuer = || Issuer::new("https://user:secret@a.example.com").algorithms([]);
        let builder = ResourceServer::builder().issuer(issuer()).issuer(issuer());
        let problems = builder.build().unwrap_err().to_string();
        assert!(problems.contains("remove it"), "{problems}");
        assert!(!problems.contains("secret"), "{problems}");
    }

    #[test]
    fn a_name_means_one_issuer() {
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
