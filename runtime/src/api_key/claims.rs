//! The claims that an API key stands for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::ISSUER;
use super::digest::KeyDigest;
use super::key::ApiKey;
use crate::granted_scopes::is_scope_token;
use crate::json::{Document, Item};

/// The longest subject, client, name, scope or role, in bytes.
const TEXT_LIMIT: usize = 256;

/// The largest size of the claims of a key as JSON, in bytes.
const CLAIMS_LIMIT: usize = 4096;

/// The claims that a further claim cannot set: those of the settings of a key, the other registered
/// claims of access tokens (RFC 7519 section 4.1, RFC 7800, RFC 8693, RFC 9068 section 2.2), and
/// those about the authentication and the permissions of a user (RFC 9396), which a key does not
/// prove.
const RESERVED: [&str; 20] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "azp",
    "scope",
    "scp",
    "roles",
    "cnf",
    "act",
    "may_act",
    "sid",
    "acr",
    "amr",
    "auth_time",
    "authorization_details",
];

/// An API key whose settings were checked, with its claims.
pub(crate) struct ValidKey {
    pub(crate) digest: KeyDigest,
    pub(crate) name: Option<Arc<str>>,
    pub(crate) claims: Document,
    pub(crate) expires_at: Option<SystemTime>,
    /// The number of the look-up that found the key. `None` for a configured key.
    pub(crate) look_up_number: Option<u64>,
}

impl ValidKey {
    pub(crate) fn subject(&self) -> &str {
        self.claims.root().get("sub").and_then(Item::as_str).unwrap_or_default()
    }
}

/// Checks keys, and adds their problems. A digest that occurs twice is a problem, because only one
/// of the two identities could apply.
pub(crate) fn valid_keys(keys: &[ApiKey], problems: &mut Vec<String>) -> Vec<ValidKey> {
    let mut digests = HashSet::new();
    let mut valid = Vec::with_capacity(keys.len());
    for (number, key) in (1..).zip(keys) {
        let label = key.label(number);
        if !digests.insert(key.digest) {
            problems
                .push(format!("the {label} has the digest of an earlier key: remove one of them"));
        }
        match key.validate(&label) {
            Ok(key) => valid.push(key),
            Err(found) => problems.extend(found),
        }
    }
    valid
}

impl ApiKey {
    /// Checks this key and creates its claims. Problems refer to the key by `label`.
    pub(super) fn validate(&self, label: &str) -> Result<ValidKey, Vec<String>> {
        let problem = |(setting, problem): (&str, String)| {
            format!("the `{setting}` of the {label} {problem}")
        };
        let mut problems: Vec<_> = self.setting_problems().into_iter().map(problem).collect();
        let json = Value::Object(self.document()).to_string();
        let claims = crate::json::object(json.as_bytes());
        if json.len() > CLAIMS_LIMIT {
            problems.push(problem(("claims", "are longer than 4096 bytes together".to_owned())));
        } else if claims.is_err() {
            problems.push(problem(("claims", "are nested too deeply".to_owned())));
        }
        match claims {
            Ok(claims) if problems.is_empty() => Ok(ValidKey {
                digest: self.digest,
                name: self.name.as_deref().map(Arc::from),
                claims,
                expires_at: self.expires_at,
                look_up_number: None,
            }),
            _ => Err(problems),
        }
    }

    /// Returns the settings that cannot be used, each with the predicate of its problem.
    fn setting_problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut report = |setting, problem: &str| problems.push((setting, problem.to_owned()));
        if self.subject.is_none() {
            report("subject", "is missing");
        }
        let texts = [("subject", &self.subject), ("client", &self.client), ("name", &self.name)];
        for (setting, text) in texts {
            if !text.as_deref().is_none_or(is_text) {
                report(setting, "is empty, longer than 256 bytes or contains a control character");
            }
        }
        if !self.scopes.iter().all(|scope| is_scope_token(scope) && scope.len() <= TEXT_LIMIT) {
            report("scopes", "contain a text that is not one scope (RFC 6749 section 3.3)");
        }
        if !self.roles.iter().all(|role| is_text(role)) {
            report("roles", "contain an empty text, a long one or a control character");
        }
        for name in self.claims.keys().filter(|name| RESERVED.contains(&name.as_str())) {
            report("claims", &format!("contain `{name}`, which is reserved"));
        }
        if self.expires_at.is_some_and(|time| time < SystemTime::UNIX_EPOCH) {
            report("expires_at", "is before 1970");
        }
        problems
    }

    /// Returns the claims of the key. The settings come last, so that no further claim replaces
    /// them.
    fn document(&self) -> Map<String, Value> {
        let mut claims = self.claims.clone();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                claims.insert(name.to_owned(), value);
            }
        };
        let seconds = self
            .expires_at
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map(|since| since.as_secs());
        set("iss", Some(ISSUER.into()));
        set("sub", self.subject.clone().map(Value::from));
        set("client_id", self.client.clone().map(Value::from));
        set("scope", (!self.scopes.is_empty()).then(|| self.scopes.join(" ").into()));
        set("roles", (!self.roles.is_empty()).then(|| self.roles.clone().into()));
        set("exp", seconds.map(Value::from));
        claims
    }
}

/// Returns true if the text is not empty, not too long and has no control characters.
fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= TEXT_LIMIT && !text.contains(char::is_control)
}
