//! Reads the scopes of a request.

use super::error::{ErrorCode, OAuthError};

/// Returns each scope in the request's parameter `scope` once, or an error if a scope is not
/// allowed. Without the parameter the result is empty.
pub(super) fn requested(
    scope: Option<&str>,
    allowed: &[String],
) -> Result<Vec<String>, OAuthError> {
    let mut requested: Vec<String> = Vec::new();
    // Exactly one space separates two scopes (RFC 6749 section 3.3). Between two adjacent spaces
    // stands an empty scope, which is not allowed.
    for scope in scope.iter().flat_map(|scope| scope.split(' ')) {
        if !allowed.iter().any(|known| known == scope) {
            return Err(
                ErrorCode::InvalidScope.because("`scope` contains a scope that cannot be granted")
            );
        }
        if !requested.iter().any(|known| known == scope) {
            requested.push(scope.to_owned());
        }
    }
    Ok(requested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_scopes_can_be_requested() {
        let known = ["a", "b"].map(str::to_owned);
        let cases: &[(Option<&str>, Option<&[&str]>)] = &[
            (None, Some(&[])),
            (Some("a"), Some(&["a"])),
            (Some("b a"), Some(&["b", "a"])),
            (Some("a a"), Some(&["a"])),
            (Some("a c"), None),
            (Some("A"), None),
            (Some("a  b"), None),
            (Some(" a"), None),
            (Some("a,b"), None),
        ];
        for (scope, expected) in cases {
            let expected = expected.map(|scopes| scopes.iter().map(ToString::to_string).collect());
            assert_eq!(requested(*scope, &known).ok(), expected, "{scope:?}");
        }
    }
}
