//! Extracts the bearer token from the `Authorization` header.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::{Credential, Presentation, is_token68_byte};
use crate::error::Fault;
use crate::http_grammar::is_tchar;

/// Extracts the text after `Bearer` from the `Authorization` header. The function `token` later
/// validates this text.
#[inline]
pub(super) fn credential(headers: &HeaderMap) -> Result<Credential<'_>, Fault> {
    let line = only_line(headers)?;
    let text = strip_bearer(line.as_bytes())?;
    Ok(Credential { presentation: Presentation::Authorization, line, text })
}

/// Returns the only line of the `Authorization` header.
///
/// Returns an error if the request has two `Authorization` lines, even if they are equal. With
/// two lines, a proxy in front of this server may have read a different line than this server (RFC
/// 6750 section 3.1, RFC 9110 section 5.3).
#[inline]
pub(super) fn only_line(headers: &HeaderMap) -> Result<&HeaderValue, Fault> {
    let line = headers.get(AUTHORIZATION).ok_or(Fault::NoCredential)?;
    // The search for a second `Authorization` line is skipped if every header of the request has
    // only one line, as in most requests.
    let has_several = headers.len() > headers.keys_len();
    if has_several && headers.get_all(AUTHORIZATION).iter().nth(1).is_some() {
        return Err(Fault::SeveralHeaders);
    }
    Ok(line)
}

/// Removes `Bearer` and the spaces after `Bearer` from the header value.
#[inline]
fn strip_bearer(line: &[u8]) -> Result<&[u8], Fault> {
    // Fast path for the common spelling of the scheme. `token` validates the rest of the line
    // later.
    if let Some(token) = line.strip_prefix(b"Bearer ")
        && token.first().is_some_and(|byte| is_token68_byte(*byte))
    {
        return Ok(token);
    }
    let (scheme, token) = split_scheme(line)?;
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        return Err(other_scheme(scheme, token));
    }
    Ok(token)
}

/// Splits the header value into the scheme and the text after it. The grammar of the header value
/// is `credentials = auth-scheme 1*SP token68` (RFC 9110 section 11.4, RFC 6750 section 2.1). The
/// text is empty if the value is one word.
pub(super) fn split_scheme(line: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let scheme_length = line.iter().take_while(|byte| is_tchar(**byte)).count();
    let (scheme, rest) = line.split_at(scheme_length);
    let token = rest.trim_ascii_start();
    let (spaces, _) = rest.split_at(rest.len().saturating_sub(token.len()));
    if scheme.is_empty() || !spaces.iter().all(|byte| *byte == b' ') {
        return Err(Fault::MalformedHeader);
    }
    if !rest.is_empty() && spaces.is_empty() {
        return Err(Fault::MalformedHeader);
    }
    Ok((scheme, token))
}

/// Returns the fault of a header value with a scheme other than `Bearer`. Only the schemes of this
/// list are named, because the scheme is text from the request, and may be the token itself.
fn other_scheme(scheme: &[u8], token: &[u8]) -> Fault {
    let named: [(&[u8], Fault); 6] = [
        (b"Basic", Fault::SchemeBasic),
        (b"Digest", Fault::SchemeDigest),
        (b"DPoP", Fault::SchemeDpop),
        (b"Negotiate", Fault::SchemeNegotiate),
        (b"OAuth", Fault::SchemeOauth),
        (b"Token", Fault::SchemeToken),
    ];
    match named.into_iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name)) {
        Some((_, fault)) => fault,
        None if token.is_empty() => Fault::NoScheme,
        None => Fault::OtherScheme,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{TOKEN_LIMIT, token};

    type Case<'a> = (&'a [&'a [u8]], Result<&'a str, Fault>);

    fn read(lines: &[&[u8]]) -> Result<String, Fault> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        }
        credential(&headers).and_then(|credential| token(credential.text)).map(str::to_owned)
    }

    #[test]
    fn only_one_well_formed_bearer_credential_is_accepted() {
        use Fault::{
            CredentialTooLong, MalformedHeader, NoCredential, NoScheme, NotToken68, OtherScheme,
            SchemeBasic, SchemeNegotiate, SchemeToken, SeveralHeaders,
        };
        let cases: &[Case<'_>] = &[
            (&[], Err(NoCredential)),
            (&[b"Bearer abc"], Ok("abc")),
            (&[b"bearer abc"], Ok("abc")),
            (&[b"BEARER abc"], Ok("abc")),
            (&[b"bEaReR abc"], Ok("abc")),
            (&[b"Bearer  abc"], Ok("abc")),
            (&[b"Bearer     abc=="], Ok("abc==")),
            (&[b"Bearer a.b-c_d~e+f/g"], Ok("a.b-c_d~e+f/g")),
            (&[b""], Err(MalformedHeader)),
            (&[b" Bearer abc"], Err(MalformedHeader)),
            (&[b"Bearer"], Err(NotToken68)),
            (&[b"Bearer "], Err(NotToken68)),
            (&[b"Bearer\tabc"], Err(MalformedHeader)),
            (&[b"Bearer \tabc"], Err(MalformedHeader)),
            (&[b"Bearer\xa0abc"], Err(MalformedHeader)),
            (&[b"Bearer:abc"], Err(MalformedHeader)),
            (&[b"Bearer=abc"], Err(MalformedHeader)),
            (&[b"Bearerabc"], Err(NoScheme)),
            (&[b"abc.def.ghi"], Err(NoScheme)),
            (&[b"Basic dXNlcjpwYXNz"], Err(SchemeBasic)),
            (&[b"token abc"], Err(SchemeToken)),
            (&[b"m4rk3r abc"], Err(OtherScheme)),
            (&[b"Negotiate"], Err(SchemeNegotiate)),
            (&[b"Bearer \"abc\""], Err(NotToken68)),
            (&[b"Bearer abc,"], Err(NotToken68)),
            (&[b"Bearer abc, Bearer abc"], Err(NotToken68)),
            (&[b"Bearer a%2Eb"], Err(NotToken68)),
            (&[b"Bearer abc def"], Err(NotToken68)),
            (&[b"Bearer abc "], Err(NotToken68)),
            (&[b"Bearer abc realm=\"x\""], Err(NotToken68)),
            (&[b"Bearer =abc"], Err(NotToken68)),
            (&[b"Bearer ab=c"], Err(NotToken68)),
            (&[b"Bearer \xc3\xa4"], Err(NotToken68)),
            (&[b"Bearer abc", b"Bearer abc"], Err(SeveralHeaders)),
            (&[b"Basic abc", b"Bearer abc"], Err(SeveralHeaders)),
        ];
        for (lines, expected) in cases {
            let line = lines.concat();
            let name = String::from_utf8_lossy(&line);
            assert_eq!(read(lines), expected.map(str::to_owned), "{name}");
        }
        let longest = [b"Bearer ".as_slice(), &[b'a'; TOKEN_LIMIT]].concat();
        assert!(read(&[&longest]).is_ok());
        let longer = [longest.as_slice(), b"a"].concat();
        assert_eq!(read(&[&longer]), Err(CredentialTooLong));
    }
}
