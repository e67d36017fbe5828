//! Extracts the access token from the `Authorization` header with the scheme `DPoP` (RFC 9449 section
//! 7.1).

use http::HeaderMap;

use super::authorization::{only_line, split_scheme};
use super::{Credential, Presentation};
use crate::error::Fault;

/// Returns the credential of a server that also accepts the scheme `DPoP`. `other` is the credential
/// in the place of tokens that are not bound, or the reason why there is none. The function `token`
/// later validates the text.
pub(crate) fn credential_or_dpop<'a>(
    headers: &'a HeaderMap,
    other: Result<Credential<'a>, Fault>,
) -> Result<Credential<'a>, Fault> {
    match other {
        Err(Fault::SchemeDpop | Fault::SchemeNotConfigured | Fault::OnlyAuthorization) => {
            let line = only_line(headers)?;
            match split_scheme(line.as_bytes()) {
                Ok((scheme, text)) if scheme.eq_ignore_ascii_case(b"DPoP") => {
                    Ok(Credential { presentation: Presentation::Dpop, line, text })
                }
                _ => other,
            }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{TokenLocation, token};
    use http::header::AUTHORIZATION;
    use http::{HeaderName, HeaderValue};

    type Case<'a> = (TokenLocation, &'a [(&'a str, &'a str)], Result<&'a str, Fault>);

    #[test]
    fn the_scheme_is_accepted_beside_each_place_of_tokens() {
        use Fault::{MalformedHeader, NotToken68, SeveralHeaders, TokenHeaderAndAuthorization};
        let x_token = HeaderName::from_static("x-token");
        let bearer = || TokenLocation::Bearer;
        let cases: &[Case<'_>] = &[
            (bearer(), &[("authorization", "DPoP abc")], Ok("abc")),
            (bearer(), &[("authorization", "dpop   abc==")], Ok("abc==")),
            (TokenLocation::Scheme("Token".into()), &[("authorization", "DPoP abc")], Ok("abc")),
            (TokenLocation::Header(x_token.clone()), &[("authorization", "DPoP abc")], Ok("abc")),
            (
                TokenLocation::Header(x_token),
                &[("authorization", "DPoP abc"), ("x-token", "abc")],
                Err(TokenHeaderAndAuthorization),
            ),
            (bearer(), &[("authorization", "DPoP")], Err(NotToken68)),
            (bearer(), &[("authorization", "DPoP a b")], Err(NotToken68)),
            (bearer(), &[("authorization", "DPoP\tabc")], Err(MalformedHeader)),
            (
                bearer(),
                &[("authorization", "DPoP abc"), ("authorization", "Bearer abc")],
                Err(SeveralHeaders),
            ),
            (
                bearer(),
                &[("authorization", "DPoP abc"), ("authorization", "DPoP abc")],
                Err(SeveralHeaders),
            ),
            (bearer(), &[("authorization", "Basic abc")], Err(Fault::SchemeBasic)),
            (bearer(), &[("proxy-authorization", "DPoP abc")], Err(Fault::NoCredential)),
        ];
        for (location, lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *lines {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                headers.append(name, HeaderValue::from_str(value).unwrap());
            }
            assert!(headers.contains_key(AUTHORIZATION) || *expected == Err(Fault::NoCredential));
            let found = credential_or_dpop(&headers, location.credential(&headers));
            let text = found.and_then(|found| {
                assert_eq!(found.presentation, Presentation::Dpop, "{lines:?}");
                token(found.text)
            });
            assert_eq!(text, *expected, "{lines:?}");
        }
    }
}
