//! Reads the resources that a client requests a token for (RFC 8707).

use url::Url;

use super::AUDIENCE;
use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;

/// The maximum length of a `resource` in bytes. The server stores it with each refresh token.
const LIMIT: usize = 2000;

/// The greatest number of resources in a request.
const COUNT_LIMIT: usize = 10;

/// Returns the audience of the requested token: each `resource` of the request once, or the default
/// audience. Any absolute URI without a fragment is permitted (RFC 8707 section 2), so that the
/// server needs no list of the APIs under test.
pub(super) fn audience(parameters: &Parameters) -> Result<Vec<String>, OAuthError> {
    let mut audience: Vec<String> = Vec::new();
    for resource in parameters.all("resource") {
        if !is_absolute_uri(resource) {
            return Err(ErrorCode::InvalidTarget
                .because("`resource` is not an absolute URI without a fragment"));
        }
        if !audience.iter().any(|known| known == resource) {
            audience.push(resource.to_owned());
        }
    }
    match audience.len() {
        0 => Ok(vec![AUDIENCE.to_owned()]),
        1..=COUNT_LIMIT => Ok(audience),
        _ => Err(ErrorCode::InvalidTarget.because("`resource` appears more than ten times")),
    }
}

fn is_absolute_uri(resource: &str) -> bool {
    resource.len() <= LIMIT
        && resource.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && Url::parse(resource).is_ok()
}

/// Returns the named resources, or all granted ones if none is named (RFC 8707 section 2.2). A token
/// for another resource needs a new consent.
pub(super) fn part(named: &[&str], granted: &[String]) -> Result<Vec<String>, OAuthError> {
    let is_granted = |named: &&str| granted.iter().any(|granted| granted == named);
    if !named.iter().all(is_granted) {
        return Err(ErrorCode::InvalidTarget.because("`resource` was not granted"));
    }
    let is_named = |granted: &&String| named.is_empty() || named.contains(&granted.as_str());
    Ok(granted.iter().filter(is_named).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(query: &str) -> Result<Vec<String>, ErrorCode> {
        audience(&Parameters::of(query)).map_err(|error| error.code)
    }

    fn owned(audience: &[&str]) -> Vec<String> {
        audience.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_resource_is_an_absolute_uri_without_a_fragment() {
        assert_eq!(outcome(""), Ok(owned(&[AUDIENCE])));
        assert_eq!(outcome("resource="), Ok(owned(&[AUDIENCE])));
        for good in ["https://h/mcp", "http://127.0.0.1:3100/mcp?x=1", "urn:example:api"] {
            assert_eq!(outcome(&format!("resource={good}")), Ok(owned(&[good])));
        }
        let long = format!("https://h/{}", "a".repeat(LIMIT));
        for bad in ["/mcp", "mcp", "https://h/%23x", "https://h/%23", "https://h/+x", "%00", &long]
        {
            let refused = outcome(&format!("resource={bad}"));
            assert_eq!(refused, Err(ErrorCode::InvalidTarget), "{bad}");
            let refused = outcome(&format!("resource=https://h/a&resource={bad}"));
            assert_eq!(refused, Err(ErrorCode::InvalidTarget), "{bad}");
        }
    }

    #[test]
    fn a_request_names_each_of_several_resources_once() {
        let several = "resource=https://h/b&resource=https://h/a&resource=https://h/b";
        assert_eq!(outcome(several), Ok(owned(&["https://h/b", "https://h/a"])));
        let many = |number| {
            let resources = (0..number).map(|index| format!("resource=https://h/{index}"));
            outcome(&resources.collect::<Vec<_>>().join("&")).map(|audience| audience.len())
        };
        assert_eq!(many(COUNT_LIMIT), Ok(COUNT_LIMIT));
        assert_eq!(many(COUNT_LIMIT + 1), Err(ErrorCode::InvalidTarget));
    }

    #[test]
    fn only_granted_resources_are_named() {
        let granted = owned(&["https://h/a", "https://h/b"]);
        assert_eq!(part(&[], &granted), Ok(granted.clone()));
        assert_eq!(part(&["https://h/b"], &granted), Ok(owned(&["https://h/b"])));
        assert_eq!(part(&["https://h/b", "https://h/a"], &granted), Ok(granted.clone()));
        for other in ["https://h/a/", "https://h/A", "https://h"] {
            let refused = part(&["https://h/a", other], &granted).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidTarget, "{other}");
        }
    }
}
