//! Builds the `WWW-Authenticate` challenge of a refusal (RFC 6750 section 3, RFC 9470 section 3).

use http::HeaderValue;

use super::response_cache::Key;
use super::status::{error_code, status};
use crate::error::RefusalKind;
use crate::granted_scopes::is_scope_token;
use crate::policy::{Requirement, ScopeSets};

/// The parts of a challenge that are the same in all refusals of a server.
#[derive(Clone)]
pub(crate) struct ChallengeSettings {
    /// The authentication scheme (RFC 9110 section 11.1).
    pub(crate) scheme: String,
    /// The realm, without characters that need an escape in a quoted-string (RFC 9110 section
    /// 5.6.4).
    pub(crate) realm: String,
    /// The URL of the metadata, without characters that need an escape.
    pub(crate) resource_metadata: Option<String>,
}

impl ChallengeSettings {
    /// Builds the challenge of a refusal. It has at least one parameter, no parameter occurs twice,
    /// and all values are quoted (RFC 6750 section 3). Returns `None` for a 5xx status and for a
    /// cross-site request, because other credentials do not help.
    pub(super) fn build(&self, key: Key, sets: &ScopeSets) -> Option<HeaderValue> {
        let Key { kind, requirement, scope_set } = key;
        if status(kind).is_server_error() || kind == RefusalKind::CrossSiteRequest {
            return None;
        }
        let mut parameters = vec![("realm", self.realm.clone())];
        if let Some(error) = error_code(kind) {
            parameters.push(("error", error.to_owned()));
            parameters.push(("error_description", kind.description().to_owned()));
        }
        let scopes = scope_set.and_then(|index| sets.get(index)).unwrap_or_default();
        push_list(&mut parameters, "scope", scopes.to_vec());
        if kind == RefusalKind::InsufficientAuthentication {
            step_up(&mut parameters, requirement);
        }
        Some(self.finish(parameters))
    }

    /// Builds a challenge without an `error` parameter.
    pub(super) fn build_without_error(&self) -> HeaderValue {
        self.finish(vec![("realm", self.realm.clone())])
    }

    fn finish(&self, mut parameters: Vec<Parameter>) -> HeaderValue {
        parameters.extend(self.resource_metadata.clone().map(|url| ("resource_metadata", url)));
        let quoted: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        // `from_str` cannot fail here, because the builder checked the scheme, the realm and the
        // URL. The fallback exists because a 401 must have a challenge (RFC 9110 section 11.6.1).
        HeaderValue::from_str(&format!("{} {}", self.scheme, quoted.join(", ")))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer realm=\"api\""))
    }
}

type Parameter = (&'static str, String);

/// Adds the parameters `acr_values` and `max_age`, which state the authentication that the
/// requirement demands (RFC 9470 section 3).
fn step_up(parameters: &mut Vec<Parameter>, requirement: &Requirement) {
    push_list(parameters, "acr_values", requirement.acr_values());
    if let Some(seconds) = requirement.max_age() {
        parameters.push(("max_age", seconds.to_string()));
    }
}

/// Adds a parameter with the values separated by spaces, unless the list is empty. Skips values
/// that would need an escape inside quotes. The attributes reject values that need an escape, but
/// an implementation of `Policy` without the attributes may contain them.
fn push_list(parameters: &mut Vec<Parameter>, name: &'static str, mut values: Vec<&str>) {
    values.retain(|value| is_scope_token(value));
    if !values.is_empty() {
        parameters.push((name, values.join(" ")));
    }
}
