//! The scopes that a request asks for.

use super::error::{ErrorCode, OAuthError};

/// Those of the parameter, each once, if all are among these. Without the parameter there are none:
/// nothing is granted that nobody asked for.
pub(super) fn requested(scope: Option<&str>, among: &[String]) -> Result<Vec<String>, OAuthError> {
    let mut requested: Vec<String> = Vec::new();
    // Exactly one space between two (RFC 6749 section 3.3): an empty one is unknown.
    for scope in scope.iter().flat_map(|scope| scope.split(' ')) {
        if !among.iter().any(|known| known == scope) {
            return Err(ErrorCode::InvalidScope.because("`scope` names what cannot be granted"));
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
    fn only_what_is_known_can_be_asked_for() {
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
