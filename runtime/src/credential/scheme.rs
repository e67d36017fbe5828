//! Extracts the access token from the `Authorization` header with a configured scheme instead of
//! `Bearer`.

use http::HeaderMap;

use super::authorization::{only_line, split_scheme};
use super::{Credential, Presentation};
use crate::error::Fault;

/// Extracts the text after the scheme from the `Authorization` header. The function `token` later
/// validates this text. All other schemes are refused, `Bearer` too.
pub(super) fn credential<'a>(
    headers: &'a HeaderMap,
    scheme: &str,
) -> Result<Credential<'a>, Fault> {
    let line = only_line(headers)?;
    let (found, text) = split_scheme(line.as_bytes())?;
    // Schemes are case-insensitive (RFC 9110 section 11.1).
    if !found.eq_ignore_ascii_case(scheme.as_bytes()) {
        return Err(Fault::SchemeNotConfigured);
    }
    Ok(Credential { presentation: Presentation::Authorization, line, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::token;
    use http::HeaderValue;
    use http::header::AUTHORIZATION;

    #[test]
    fn only_the_configured_scheme_is_accepted() {
        use Fault::{
            MalformedHeader, NoCredential, NotToken68, SchemeNotConfigured, SeveralHeaders,
        };
        type Case<'a> = (&'a [&'a str], Result<&'a str, Fault>);
        let cases: &[Case<'_>] = &[
            (&[], Err(NoCredential)),
            (&["Token abc"], Ok("abc")),
            (&["token abc"], Ok("abc")),
            (&["TOKEN   abc=="], Ok("abc==")),
            (&["Bearer abc"], Err(SchemeNotConfigured)),
            (&["Basic abc"], Err(SchemeNotConfigured)),
            (&["Tokens abc"], Err(SchemeNotConfigured)),
            (&["Toke abc"], Err(SchemeNotConfigured)),
            (&["abc"], Err(SchemeNotConfigured)),
            (&["Token"], Err(NotToken68)),
            (&["Token "], Err(NotToken68)),
            (&["Token abc def"], Err(NotToken68)),
            (&["Token token=\"abc\""], Err(NotToken68)),
            (&["Token\tabc"], Err(MalformedHeader)),
            (&["Token:abc"], Err(MalformedHeader)),
            (&[""], Err(MalformedHeader)),
            (&["Token abc", "Token abc"], Err(SeveralHeaders)),
            (&["Token abc", "Bearer abc"], Err(SeveralHeaders)),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in *lines {
                headers.append(AUTHORIZATION, HeaderValue::from_str(line).unwrap());
            }
            let read = credential(&headers, "Token").and_then(|found| token(found.text));
            assert_eq!(read, *expected, "{lines:?}");
        }
    }
}
