//! Builds a server from three environment variables, for twelve-factor programs.

use super::{Issuer, ResourceServerBuilder};
use crate::error::ConfigError;
use crate::server::ResourceServer;

impl ResourceServer {
    /// Builds a server from the environment variables of the process.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `OAUTH_ISSUER` | the issuer, exactly as in the `iss` of its tokens |
    /// | `OAUTH_AUDIENCE` | the identifier of this API; several are separated by spaces |
    /// | `OAUTH_JWKS_URI` | the URL of the issuer's keys; optional, found by discovery if not set |
    ///
    /// # Errors
    ///
    /// Returns one error that lists all missing variables and all wrong values. A variable that is
    /// set to an empty value is an error, even if it is optional.
    pub fn from_env() -> Result<Self, ConfigError> {
        from_variables(|name| std::env::var_os(name).map(|value| value.into_string().ok()))
    }
}

/// Builds a server from environment variables. `variable` returns `None` if the variable is not
/// set, and `Some(None)` if its value is not Unicode.
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
    // The placeholder value is only used to find further problems. A missing variable has already
    // added a problem, so `build_with_problems` returns an error and no server.
    let mut issuer = Issuer::new(issuer.unwrap_or_else(|| "https://unset.invalid".to_owned()));
    if let Some(uri) = jwks_uri {
        issuer = issuer.jwks_uri(uri);
    }
    audience
        .as_deref()
        .unwrap_or("unset")
        .split_whitespace()
        .fold(ResourceServer::builder().issuer(issuer), ResourceServerBuilder::audience)
        .build_with_problems(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(variables: &[(&str, &str)]) -> Vec<String> {
        let result = from_variables(|name: &str| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(Some((*value).to_owned()))
        });
        result.err().map_or_else(Vec::new, |error| error.problems().map(str::to_owned).collect())
    }

    #[test]
    fn all_missing_and_wrong_variables_are_reported_together() {
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
            ["the `jwks_uri` `http://x.example/` is not https: http is for loopback only",]
        );
    }
}
