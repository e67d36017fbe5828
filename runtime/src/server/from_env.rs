//! The configuration that twelve-factor programs have: three variables.

use super::{Issuer, ResourceServer, ResourceServerBuilder};
use crate::error::ConfigError;

impl ResourceServer {
    /// The server that the environment describes.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `OAUTH_ISSUER` | the issuer, as its tokens write it in `iss` |
    /// | `OAUTH_AUDIENCE` | the identifier of this API; several separated by spaces |
    /// | `OAUTH_JWKS_URI` | where the issuer's keys are; found by discovery unless it is set |
    ///
    /// # Errors
    ///
    /// Everything that is missing or wrong, at once. A variable that is set and empty counts as
    /// wrong, not as absent.
    pub fn from_env() -> Result<Self, ConfigError> {
        from_variables(|name| std::env::var_os(name).map(|value| value.into_string().ok()))
    }
}

/// `None` where the variable is not set, `Some(None)` where it is not Unicode.
fn from_variables(
    variable: impl Fn(&str) -> Option<Option<String>>,
) -> Result<ResourceServer, ConfigError> {
    let mut problems = Vec::new();
    let mut read = |name: &str, required: bool| match variable(name) {
        None if required => {
            problems.push(format!("the environment variable `{name}` is not set"));
            None
        }
        None => None,
        Some(Some(value)) if !value.trim().is_empty() => Some(value),
        Some(_) => {
            problems.push(format!("the environment variable `{name}` is empty or not Unicode"));
            None
        }
    };
    let issuer = read("OAUTH_ISSUER", true);
    let audience = read("OAUTH_AUDIENCE", true);
    let jwks_uri = read("OAUTH_JWKS_URI", false);
    // What stands in for a missing variable is never used: a missing one is a problem already.
    let mut issuer = Issuer::new(issuer.unwrap_or_else(|| "https://unset.invalid".to_owned()));
    if let Some(uri) = jwks_uri {
        issuer = issuer.jwks_uri(uri);
    }
    let audience = audience.unwrap_or_else(|| "unset".to_owned());
    let builder = ResourceServer::builder().issuer(issuer);
    let builder = audience.split_whitespace().fold(builder, ResourceServerBuilder::audience);
    builder.build_unless(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(variables: &[(&str, &str)]) -> Vec<String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| Some((*value).to_owned()))
        };
        let built = from_variables(variable);
        built.err().map_or_else(Vec::new, |error| error.problems().map(str::to_owned).collect())
    }

    #[test]
    fn everything_missing_or_wrong_is_told_at_once() {
        let issuer = ("OAUTH_ISSUER", "https://id.example.com");
        let audience = ("OAUTH_AUDIENCE", "https://a.example.com https://b.example.com");
        assert_eq!(problems(&[issuer, audience]), [""; 0]);
        assert_eq!(
            problems(&[]),
            [
                "the environment variable `OAUTH_ISSUER` is not set",
                "the environment variable `OAUTH_AUDIENCE` is not set",
            ]
        );
        assert_eq!(
            problems(&[("OAUTH_ISSUER", " "), audience, ("OAUTH_JWKS_URI", "")]),
            [
                "the environment variable `OAUTH_ISSUER` is empty or not Unicode",
                "the environment variable `OAUTH_JWKS_URI` is empty or not Unicode",
            ]
        );
        assert_eq!(
            problems(&[("OAUTH_ISSUER", "id"), audience, ("OAUTH_JWKS_URI", "http://x.example/")]),
            [
                "the issuer \"id\" is not an https URL",
                "the `jwks_uri` `http://x.example/` is not https: http is for loopback only",
            ]
        );
    }
}
