//! Checks the settings of the server itself, and the identifiers and names of its issuers.

use std::time::Duration;

use http::HeaderValue;

use crate::algorithm::Algorithm;
use crate::api_key;
use crate::redaction::redacted;
use crate::server::{Issuer, ResourceServerBuilder};
use crate::token::signature;

/// The longest leeway that a configuration can set. RFC 7519 section 4.1.4 says "no more than a few
/// minutes".
const LEEWAY_LIMIT: Duration = Duration::from_secs(300);

impl ResourceServerBuilder {
    pub(in crate::server) fn check(&self, problems: &mut Vec<String>) {
        if !Algorithm::ALL.into_iter().any(signature::is_supported) {
            problems.push("enable the feature `aws_lc_rs` or `rust_crypto`".to_owned());
        }
        if self.issuers.is_empty() && self.api_keys.is_none() {
            problems
                .push("no issuer: set the issuer of the access tokens with `issuer`".to_owned());
            if self.audiences.is_empty() && self.resource.is_none() {
                let problem = "no audience: set the identifier of this API with `resource` or \
                               `audience`";
                problems.push(problem.to_owned());
            }
        }
        for algorithm in self.algorithms.iter().flatten().filter(|one| one.is_symmetric()) {
            problems.push(format!(
                "the algorithm `{algorithm}` of the server needs a shared secret: move it to \
                 `algorithms` of the issuer that has one"
            ));
        }
        self.check_issuers(problems);
        self.check_revocation_feed(problems);
        self.check_opaque_issuers(problems);
        if self.leeway > LEEWAY_LIMIT {
            let limit = LEEWAY_LIMIT.as_secs();
            problems.push(format!("the leeway is longer than {limit} s"));
        }
        if !is_quotable(&self.realm) {
            let problem = "the realm is empty or contains a quote, a backslash or a character \
                           outside printable ASCII";
            problems.push(problem.to_owned());
        }
    }

    /// Checks that each issuer has an identifier and that all identifiers and names are unique. A
    /// name must not equal the identifier of an issuer, because policies refer to issuers by both.
    fn check_issuers(&self, problems: &mut Vec<String>) {
        for (index, issuer) in self.issuers.iter().enumerate() {
            let identifier = &issuer.identifier;
            if identifier.is_empty() {
                problems.push("an issuer has an empty identifier".to_owned());
            }
            if self.issuers.iter().take(index).any(|earlier| earlier.identifier == *identifier) {
                let redacted = redacted(identifier);
                problems.push(format!("the issuer `{redacted}` is configured twice"));
            }
        }
        let is_reserved = |issuer: &Issuer| {
            issuer.identifier == api_key::ISSUER || issuer.name.as_deref() == Some(api_key::ISSUER)
        };
        if self.issuers.iter().any(is_reserved) {
            let reserved = api_key::ISSUER;
            problems.push(format!(
                "an issuer has the identifier or the name `{reserved}`, which stands for API keys: \
                 choose another name"
            ));
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
    }
}

/// Returns true if the text is not empty and needs no escapes in a quoted-string (RFC 9110 section
/// 5.6.4).
fn is_quotable(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
        && HeaderValue::from_str(text).is_ok()
}
