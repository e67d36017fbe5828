//! Reads the authorization response (RFC 6749 section 4.1.2, RFC 9207 section 2).

use url::form_urlencoded;

use super::error::{SignInError, SignInErrorKind};

/// The longest query in bytes.
const QUERY_LIMIT: usize = 16 * 1024;
/// The longest code in bytes.
const CODE_LIMIT: usize = 8 * 1024;
/// The longest error code in bytes.
const ERROR_LIMIT: usize = 64;

/// The parameters of an authorization response. All other parameters are ignored (RFC 6749 section
/// 4.1.2).
#[derive(Default)]
pub(crate) struct AuthorizationResponse {
    state: Parameter,
    code: Parameter,
    error: Parameter,
    iss: Parameter,
}

/// The outcome of an authorization request at the provider.
pub(crate) enum Outcome<'a> {
    Code(&'a str),
    Error(&'a str),
}

#[derive(Default)]
enum Parameter {
    #[default]
    Absent,
    One(String),
    Repeated,
}

impl AuthorizationResponse {
    pub(crate) fn read(query: &str) -> Result<Self, SignInError> {
        if query.len() > QUERY_LIMIT {
            return Err(malformed("the authorization response is longer than 16 KiB"));
        }
        let mut response = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let parameter = match &*name {
                "state" => &mut response.state,
                "code" => &mut response.code,
                "error" => &mut response.error,
                "iss" => &mut response.iss,
                _ => continue,
            };
            *parameter = match parameter {
                Parameter::Absent => Parameter::One(value.into_owned()),
                Parameter::One(_) | Parameter::Repeated => Parameter::Repeated,
            };
        }
        Ok(response)
    }

    /// Returns the `state`.
    pub(crate) fn state(&self) -> Result<&str, SignInError> {
        match &self.state {
            Parameter::One(state) if !state.is_empty() => Ok(state),
            Parameter::Repeated => Err(malformed("`state` appears twice")),
            _ => Err(malformed("`state` is missing")),
        }
    }

    /// Checks that the response came from this issuer (RFC 9207 section 2.4). If `is_required` is
    /// true, the issuer names itself in all responses.
    pub(crate) fn check_issuer(&self, issuer: &str, is_required: bool) -> Result<(), SignInError> {
        match &self.iss {
            Parameter::One(iss) if iss == issuer => Ok(()),
            Parameter::One(_) => Err(SignInErrorKind::OtherIssuer.because(
                "`iss` of the authorization response is not the issuer at which the sign-in began",
            )),
            Parameter::Repeated => Err(malformed("`iss` appears twice")),
            Parameter::Absent if is_required => Err(SignInErrorKind::OtherIssuer.because(
                "`iss` is missing, and the metadata of the issuer says that all authorization \
                 responses have it",
            )),
            Parameter::Absent => Ok(()),
        }
    }

    /// Returns the outcome: exactly one of code and error.
    pub(crate) fn outcome(&self) -> Result<Outcome<'_>, SignInError> {
        match (&self.code, &self.error) {
            (Parameter::Repeated, _) => Err(malformed("`code` appears twice")),
            (_, Parameter::Repeated) => Err(malformed("`error` appears twice")),
            (Parameter::One(_), Parameter::One(_)) => {
                Err(malformed("the authorization response has both `code` and `error`"))
            }
            (Parameter::Absent, Parameter::Absent) => {
                Err(malformed("the authorization response has neither `code` nor `error`"))
            }
            (Parameter::One(code), Parameter::Absent) if is_code(code) => Ok(Outcome::Code(code)),
            (Parameter::One(_), Parameter::Absent) => {
                Err(malformed("`code` is empty, too long or not printable ASCII"))
            }
            (Parameter::Absent, Parameter::One(error)) => Ok(Outcome::Error(error)),
        }
    }
}

/// Converts an error of the provider (RFC 6749 section 4.1.2.1).
pub(crate) fn provider_error(code: &str) -> SignInError {
    let kind = match code {
        "access_denied" => SignInErrorKind::AccessDenied,
        "server_error" | "temporarily_unavailable" => SignInErrorKind::Unavailable,
        _ => SignInErrorKind::ProviderError,
    };
    // Whoever can make the user follow a link chooses this text.
    let is_code = code.len() <= ERROR_LIMIT
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_code {
        kind.because(format!("the provider answered with the error `{code}`"))
    } else {
        kind.because("the provider answered with an error that is not a word")
    }
}

/// Returns true for a text of `VSCHAR` (RFC 6749 appendix A.11).
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= CODE_LIMIT
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn malformed(text: &'static str) -> SignInError {
    SignInErrorKind::MalformedResponse.because(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.com";

    /// Returns the text of the first problem, in the order in which a sign-in asks.
    fn problem(query: &str, iss_is_required: bool) -> Option<String> {
        let read = || {
            let response = AuthorizationResponse::read(query)?;
            response.state()?;
            response.check_issuer(ISSUER, iss_is_required)?;
            match response.outcome()? {
                Outcome::Code(_) => Ok(()),
                Outcome::Error(code) => Err(provider_error(code)),
            }
        };
        read().err().map(|error: SignInError| format!("{}: {}", error.kind.code(), error.text))
    }

    #[test]
    fn each_parameter_appears_once() {
        let iss = "iss=https%3A%2F%2Fid.example.com";
        assert_eq!(problem("state=s&code=c", false), None);
        assert_eq!(problem(&format!("state=s&code=c&{iss}"), true), None);
        assert_eq!(problem(&format!("code=c&x=1&x=2&session_state=a&{iss}&state=s"), false), None);
        let long = format!("state=s&code={}", "c".repeat(CODE_LIMIT + 1));
        let longer = format!("state=s&code=c&x={}", "c".repeat(QUERY_LIMIT));
        let malformed = |text: &str| format!("malformed_response: {text}");
        let code = malformed("`code` is empty, too long or not printable ASCII");
        let cases = [
            ("", malformed("`state` is missing")),
            ("code=c", malformed("`state` is missing")),
            ("state=&code=c", malformed("`state` is missing")),
            ("state=s&state=s&code=c", malformed("`state` appears twice")),
            ("state=s&code=c&%73tate=t", malformed("`state` appears twice")),
            ("state=s&code=c&code=c", malformed("`code` appears twice")),
            ("state=s&error=a&error=b", malformed("`error` appears twice")),
            ("state=s&code=c&iss=a&iss=a", malformed("`iss` appears twice")),
            ("state=s", malformed("the authorization response has neither `code` nor `error`")),
            (
                "state=s&code=c&error=access_denied",
                malformed("the authorization response has both `code` and `error`"),
            ),
            ("state=s&code=", code.clone()),
            ("state=s&code=%C3%B6", code.clone()),
            ("state=s&code=a%0Ab", code.clone()),
            (&long, code),
            (&longer, malformed("the authorization response is longer than 16 KiB")),
        ];
        for (query, expected) in cases {
            assert_eq!(problem(query, false), Some(expected), "{query}");
        }
    }

    #[test]
    fn the_issuer_is_compared_exactly_and_demanded_where_it_is_promised() {
        for iss in [
            "https%3A%2F%2Fid.example.com%2F",
            "https%3A%2F%2FID.example.com",
            "https%3A%2F%2Fevil.example",
            "",
        ] {
            for is_required in [true, false] {
                // Also with an error: it could come from another issuer too.
                for outcome in ["code=c", "error=access_denied"] {
                    let query = format!("state=s&{outcome}&iss={iss}");
                    let found = problem(&query, is_required).unwrap();
                    assert!(found.starts_with("other_issuer: `iss` of the"), "{query}: {found}");
                }
            }
        }
        let found = problem("state=s&code=c", true).unwrap();
        assert!(found.starts_with("other_issuer: `iss` is missing"), "{found}");
    }

    #[test]
    fn an_error_of_the_provider_is_logged_only_if_it_is_a_word() {
        let cases = [
            (
                "access_denied",
                "access_denied: the provider answered with the error `access_denied`",
            ),
            (
                "login_required",
                "provider_error: the provider answered with the error `login_required`",
            ),
            (
                "temporarily_unavailable",
                "unavailable: the provider answered with the error `temporarily_unavailable`",
            ),
            (
                "<script>alert(1)</script>",
                "provider_error: the provider answered with an error that is not a word",
            ),
        ];
        for (error, expected) in cases {
            let query = format!("state=s&error={error}&error_description=visit+evil.example");
            assert_eq!(problem(&query, false).as_deref(), Some(expected));
        }
        let long = "a".repeat(ERROR_LIMIT + 1);
        let text = problem(&format!("state=s&error={long}"), false).unwrap();
        assert!(!text.contains(&long), "{text}");
    }
}
