//! Reads the resource that a client requests a token for (RFC 8707).

use url::Url;

use super::AUDIENCE;
use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;

/// The maximum length of a `resource` in bytes. The server stores it with each refresh token.
const LIMIT: usize = 2000;

/// Returns the audience of the requested token: the `resource` of the request, or the default
/// audience. Any absolute URI without a fragment is permitted (RFC 8707 section 2), so that the
/// server needs no list of the APIs under test.
pub(super) fn audience(parameters: &Parameters) -> Result<String, OAuthError> {
    let Some(resource) = parameters.get("resource")? else {
        return Ok(AUDIENCE.to_owned());
    };
    let is_absolute_uri = resource.len() <= LIMIT
        && resource.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && Url::parse(resource).is_ok();
    if is_absolute_uri {
        Ok(resource.to_owned())
    } else {
        Err(ErrorCode::InvalidTarget
            .because("`resource` is not an absolute URI without a fragment"))
    }
}

/// Checks that the token request contains either the resource of the grant or no resource. A token
/// for another resource needs a new consent.
pub(super) fn check(resource: Option<&str>, audience: &str) -> Result<(), OAuthError> {
    match resource {
        Some(resource) if resource != audience => {
            Err(ErrorCode::InvalidTarget.because("`resource` was not granted"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(query: &str) -> Result<String, ErrorCode> {
        audience(&Parameters::of(query)).map_err(|error| error.code)
    }

    #[test]
    fn a_resource_is_an_absolute_uri_without_a_fragment() {
        assert_eq!(outcome(""), Ok(AUDIENCE.to_owned()));
        assert_eq!(outcome("resource="), Ok(AUDIENCE.to_owned()));
        for good in ["https://h/mcp", "http://127.0.0.1:3100/mcp?x=1", "urn:example:api"] {
            assert_eq!(outcome(&format!("resource={good}")), Ok(good.to_owned()));
        }
        let long = format!("https://h/{}", "a".repeat(LIMIT));
        for bad in ["/mcp", "mcp", "https://h/%23x", "https://h/%23", "https://h/+x", "%00", &long]
        {
            let refused = outcome(&format!("resource={bad}"));
            assert_eq!(refused, Err(ErrorCode::InvalidTarget), "{bad}");
        }
        let twice = "resource=https://h/a&resource=https://h/b";
        assert_eq!(outcome(twice), Err(ErrorCode::InvalidRequest));
    }

    #[test]
    fn only_the_granted_resource_is_named() {
        assert_eq!(check(None, "https://h/a"), Ok(()));
        assert_eq!(check(Some("https://h/a"), "https://h/a"), Ok(()));
        for other in ["https://h/a/", "https://h/A", "https://h"] {
            let refused = check(Some(other), "https://h/a").unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidTarget, "{other}");
        }
    }
}
