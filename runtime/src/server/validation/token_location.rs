//! Checks the settings that say where requests present their access token.

use super::ok_or_report;
use crate::credential::{
    NAME_LIMIT, TokenLocation, header_name, is_reserved_header, is_reserved_scheme, is_scheme,
};
use crate::server::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Returns the place of tokens. Adds the problems of the settings to `problems`.
    pub(in crate::server) fn token_location(&self, problems: &mut Vec<String>) -> TokenLocation {
        if self.token_scheme.is_some() && self.token_header.is_some() {
            let problem = "`token_scheme` and `token_header` are both set, but tokens have one \
                           place: remove one of them";
            problems.push(problem.to_owned());
        }
        let settings: [(_, fn(&str) -> _); 2] =
            [(&self.token_scheme, scheme), (&self.token_header, header)];
        let read = settings.map(|(setting, read)| {
            setting.as_deref().and_then(|text| ok_or_report(read(text), problems))
        });
        read.into_iter().flatten().next().unwrap_or_default()
    }
}

/// Reads a scheme. The error does not quote a text that is not one word, because an operator may
/// have added a token.
fn scheme(text: &str) -> Result<TokenLocation, String> {
    if !is_scheme(text) {
        return Err(format!(
            "the `token_scheme` is not one word of at most {NAME_LIMIT} characters, such as `Token`"
        ));
    }
    if text.eq_ignore_ascii_case("Bearer") {
        return Ok(TokenLocation::Bearer);
    }
    if is_reserved_scheme(text) {
        return Err(format!(
            "the `token_scheme` `{text}` has credentials that are not an access token: choose \
             another scheme, or remove the setting for `Bearer`"
        ));
    }
    Ok(TokenLocation::Scheme(text.to_owned()))
}

/// Reads the name of a header. The error quotes only names.
fn header(text: &str) -> Result<TokenLocation, String> {
    let Some(name) = header_name(text) else {
        return Err(format!(
            "the `token_header` is not the name of a header of at most {NAME_LIMIT} characters, such as \
             `Cf-Access-Jwt-Assertion`"
        ));
    };
    if name == http::header::AUTHORIZATION {
        return Err("the `token_header` is `Authorization`: remove the setting, or set \
                    `token_scheme` for another scheme than `Bearer`"
            .to_owned());
    }
    if is_reserved_header(&name) {
        return Err(format!(
            "the `token_header` `{name}` has a meaning of its own: choose a header that contains \
             only the token"
        ));
    }
    Ok(TokenLocation::Header(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::ResourceServer;

    fn read(builder: &ResourceServerBuilder) -> Result<String, Vec<String>> {
        let mut problems = Vec::new();
        let location = builder.token_location(&mut problems);
        if problems.is_empty() { Ok(location.to_string()) } else { Err(problems) }
    }

    #[test]
    fn a_scheme_is_one_word_for_tokens() {
        let read = |scheme: &str| read(&ResourceServer::builder().token_scheme(scheme));
        for (scheme, expected) in [
            ("Token", "Authorization: Token <token>"),
            ("bearer", "Authorization: Bearer <token>"),
            ("X-Acme.2", "Authorization: X-Acme.2 <token>"),
        ] {
            assert_eq!(read(scheme).as_deref(), Ok(expected));
        }
        let huge = "a".repeat(NAME_LIMIT + 1);
        for malformed in ["", " ", "Token ", "Bearer s3cr3t", "Tok\u{e4}n", "Token:", "a\n", &huge]
        {
            let problems = read(malformed).unwrap_err().join("\n");
            assert!(problems.contains("is not one word"), "{problems}");
            assert!(!problems.contains("s3cr3t") && !problems.contains(&huge), "{problems}");
        }
        for other in ["Basic", "DPoP", "dpop", "NEGOTIATE", "Digest", "GNAP"] {
            let problems = read(other).unwrap_err().join("\n");
            assert!(problems.contains(&format!("`{other}`")), "{problems}");
        }
    }

    #[test]
    fn a_header_contains_only_the_token() {
        let read = |name: &str| read(&ResourceServer::builder().token_header(name));
        for (name, expected) in [
            ("Cf-Access-Jwt-Assertion", "cf-access-jwt-assertion: <token>"),
            ("X-Forwarded-Access-Token", "x-forwarded-access-token: <token>"),
            ("x-goog-iap-jwt-assertion", "x-goog-iap-jwt-assertion: <token>"),
            ("X-Amzn-Oidc-Accesstoken", "x-amzn-oidc-accesstoken: <token>"),
        ] {
            assert_eq!(read(name).as_deref(), Ok(expected));
        }
        let huge = "a".repeat(NAME_LIMIT + 1);
        for malformed in ["", " ", "x token", "x-token:", "x-token: s3cr3t", "x-t\u{f6}ken", &huge]
        {
            let problems = read(malformed).unwrap_err().join("\n");
            assert!(problems.contains("is not the name of a header"), "{problems}");
            assert!(!problems.contains("s3cr3t") && !problems.contains(&huge), "{problems}");
        }
        for other in [
            "Authorization",
            "Cookie",
            "Host",
            "Proxy-Authorization",
            "Sec-WebSocket-Protocol",
            "Content-Type",
            "Accept",
            "X-Forwarded-Proto",
            "Forwarded",
            "Connection",
            "DPoP",
            "If-Match",
            "Access-Control-Request-Headers",
        ] {
            let problems = read(other).unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:?}");
        }
    }

    #[test]
    fn tokens_have_one_place() {
        let both = ResourceServer::builder().token_scheme("Token").token_header("x-token");
        let problems = read(&both).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("both set"), "{problems:?}");
        for (scheme, problems) in [("", 3), ("Token", 2)] {
            let worse = ResourceServer::builder().token_scheme(scheme).token_header("Cookie");
            assert_eq!(read(&worse).unwrap_err().len(), problems, "{scheme:?}");
        }
        assert_eq!(
            read(&ResourceServer::builder()).as_deref(),
            Ok("Authorization: Bearer <token>")
        );
    }
}
