//! Extracts the access token from a configured header whose whole value is the token.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Credential, Presentation};
use crate::error::Fault;

/// Extracts the value of the configured header. The function `token` later validates this value.
pub(super) fn credential<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Credential<'a>, Fault> {
    let mut lines = headers.get_all(name).iter();
    let has_authorization = headers.contains_key(AUTHORIZATION);
    let line = select(lines.next(), lines.next().is_some(), has_authorization)?;
    Ok(Credential { presentation: Presentation::Header, line, text: line.as_bytes() })
}

/// Selects the line with the token. Two lines, and a line beside `Authorization`, are two
/// credentials, of which another program may read the other one (RFC 6750 section 2).
fn select(
    first: Option<&HeaderValue>,
    is_repeated: bool,
    has_authorization: bool,
) -> Result<&HeaderValue, Fault> {
    match (first, is_repeated, has_authorization) {
        (None, _, false) => Err(Fault::NoTokenHeader),
        (None, _, true) => Err(Fault::OnlyAuthorization),
        (Some(_), true, _) => Err(Fault::SeveralTokenHeaders),
        (Some(_), false, true) => Err(Fault::TokenHeaderAndAuthorization),
        (Some(line), false, false) => Ok(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::token;

    #[test]
    fn the_token_is_the_whole_value_of_one_line_without_authorization() {
        use Fault::{
            NoTokenHeader, NotToken68, OnlyAuthorization, SeveralTokenHeaders,
            TokenHeaderAndAuthorization,
        };
        type Line<'a> = (&'a str, &'a str);
        type Case<'a> = (&'a [Line<'a>], Result<&'a str, Fault>);
        let name = HeaderName::from_static("x-access-token");
        let other = ("authorization", "Basic abc");
        let cases: &[Case<'_>] = &[
            (&[], Err(NoTokenHeader)),
            (&[("x-token", "abc")], Err(NoTokenHeader)),
            (&[("x-access-token", "a.b.c")], Ok("a.b.c")),
            (&[("x-access-token", "")], Err(NotToken68)),
            (&[("x-access-token", "Bearer a.b.c")], Err(NotToken68)),
            (&[("x-access-token", "a.b.c, a.b.c")], Err(NotToken68)),
            (&[("x-access-token", "a.b.c"), ("x-access-token", "a.b.c")], Err(SeveralTokenHeaders)),
            (&[("x-access-token", "a.b.c"), ("x-access-token", "")], Err(SeveralTokenHeaders)),
            (&[("x-access-token", "a.b.c"), other], Err(TokenHeaderAndAuthorization)),
            (&[("x-access-token", ""), other], Err(TokenHeaderAndAuthorization)),
            (&[("authorization", "Bearer a.b.c")], Err(OnlyAuthorization)),
            (&[("authorization", "")], Err(OnlyAuthorization)),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *lines {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                headers.append(name, HeaderValue::from_str(value).unwrap());
            }
            let read = credential(&headers, &name).and_then(|found| token(found.text));
            assert_eq!(read, *expected, "{lines:?}");
        }
    }
}
