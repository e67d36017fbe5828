//! Checks the scopes and the further parameters of an authorization request.

use crate::settings::BrowserBackendBuilder;

/// The parameters that the backend sets, and those that would change the form of the response.
const RESERVED: [&str; 14] = [
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "id_token_hint",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

impl BrowserBackendBuilder {
    /// Returns the `scope` of an authorization request (RFC 6749 section 3.3). Adds the problems of
    /// the settings to `problems`.
    pub(super) fn scope(&self, problems: &mut Vec<String>) -> String {
        let mut scopes = vec!["openid"];
        for scope in &self.scopes {
            if !is_scope(scope) {
                problems.push(format!(
                    "the scope `{}` is empty or contains a space, a quotation mark, a backslash or \
                     a character outside visible ASCII: write each scope as a text of its own",
                    scope.escape_debug()
                ));
            } else if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        scopes.join(" ")
    }

    /// Checks the further parameters of an authorization request.
    pub(super) fn check_authorization_parameters(&self, problems: &mut Vec<String>) {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.authorization_parameters {
            if name.is_empty() {
                problems.push("an `extra_authorization_parameter` has no name".to_owned());
            } else if RESERVED.contains(&name.as_str()) {
                problems.push(format!(
                    "the `extra_authorization_parameter` `{name}` belongs to the protocol: remove it"
                ));
            // RFC 6749 section 3.1 forbids repetition; RFC 8707 section 2 permits it here.
            } else if names.contains(&name.as_str()) && name != "resource" {
                problems.push(format!(
                    "the `extra_authorization_parameter` `{}` is set several times",
                    name.escape_debug()
                ));
            }
            names.push(name);
        }
    }
}

/// Returns true for a `scope-token` (RFC 6749 section 3.3).
fn is_scope(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    !text.is_empty() && text.bytes().all(is_allowed)
}
