//! Checks the settings that name the claims of an issuer's tokens.

use crate::server::Issuer;
use crate::telemetry;
use crate::token::{AUDIENCE, Dialect, Profile, RolePath, Rules};

/// Claims that identify something other than the API. They never contain the audience.
const NEVER_AUDIENCE: [&str; 5] = ["iss", "sub", "sid", "jti", "aud"];

/// Claims that contain the client in tokens of some products.
const CLIENT_CLAIMS: [&str; 4] = ["azp", "client_id", "cid", "appid"];

impl Issuer {
    /// Returns the names of the claims in the issuer's tokens: those of its provider, or those of
    /// the issuer's own settings. Adds a problem for each setting that cannot be used.
    pub(crate) fn dialect(&self, problems: &mut Vec<String>) -> Dialect {
        let mut dialect = self.provider.dialect();
        let mut report =
            |setting: &str, problem: &str| problems.push(self.problem(setting, problem));
        if let Some(name) = &self.audience_claim {
            if NEVER_AUDIENCE.contains(&name.as_str()) {
                report("audience_claim", &format!("is `{name}`, which cannot stand in for `aud`"));
            }
            dialect.audience = Some(name.clone());
        }
        if let Some(paths) = &self.scopes_claim {
            if paths.0.iter().flatten().any(|name| name == AUDIENCE) {
                let problem = format!("contains `{AUDIENCE}`, which is for `roles_claim`");
                report("scopes_claim", &problem);
            }
            dialect.scopes = Some(paths.0.clone());
        }
        if let Some(paths) = &self.roles_claim {
            let roles: Vec<_> = paths.0.iter().cloned().filter_map(RolePath::new).collect();
            if roles.len() < paths.0.len() {
                let problem = format!("has a path that is empty or contains `{AUDIENCE}` twice");
                report("roles_claim", &problem);
            }
            dialect.roles = roles;
        }
        if let Some(names) = &self.client_claim {
            dialect.client.clone_from(names);
        }
        if let Some(name) = &self.tenant_claim {
            dialect.tenant = Some(name.clone());
        }
        if let Some(kind) = &self.kind_claim {
            dialect.kind = Some(kind.clone());
        }
        if let Some(has_at_hash) = self.access_tokens_have_at_hash {
            dialect.has_at_hash = has_at_hash;
        }
        for setting in self.empty_settings() {
            report(setting, "is empty or contains an empty name");
        }
        dialect
    }

    /// Returns the settings of which a name is missing.
    fn empty_settings(&self) -> impl Iterator<Item = &'static str> {
        let is_empty = |names: Option<&[String]>| {
            names.is_some_and(|names| names.is_empty() || names.iter().any(String::is_empty))
        };
        let has_empty_path = |paths: Option<&Vec<Vec<String>>>| {
            paths.is_some_and(|paths| {
                paths.is_empty() || paths.iter().any(|path| is_empty(Some(path)))
            })
        };
        let one = |name: &Option<String>| name.as_deref() == Some("");
        [
            ("audience_claim", one(&self.audience_claim)),
            ("scopes_claim", has_empty_path(self.scopes_claim.as_ref().map(|paths| &paths.0))),
            ("roles_claim", has_empty_path(self.roles_claim.as_ref().map(|paths| &paths.0))),
            ("client_claim", is_empty(self.client_claim.as_deref())),
            ("tenant_claim", one(&self.tenant_claim)),
            (
                "kind_claim",
                self.kind_claim
                    .as_ref()
                    .is_some_and(|(name, value)| name.is_empty() || value.is_empty()),
            ),
        ]
        .into_iter()
        .filter_map(|(setting, is_empty)| is_empty.then_some(setting))
    }
}

/// Warns if the settings cannot distinguish the access tokens of an issuer from its ID tokens.
pub(super) fn warn_of_ambiguous_settings(issuer: &str, rules: &Rules) {
    let dialect = &rules.dialect;
    if dialect.kind.is_some() || rules.profile == Profile::Rfc9068 {
        return;
    }
    if let Some(name) = &dialect.audience
        && (CLIENT_CLAIMS.contains(&name.as_str()) || dialect.client.contains(name))
    {
        telemetry::ambiguous_settings(issuer, "audience_claim");
    }
    if dialect.has_at_hash {
        telemetry::ambiguous_settings(issuer, "access_tokens_have_at_hash");
    }
}
