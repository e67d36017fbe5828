//! Extracts the bearer token from the `Authorization` header.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::{Credential, NoToken, is_token68_byte};

/// Extracts the text after `Bearer` from the `Authorization` header. The function `token` later
/// validates this text.
///
/// Returns `Malformed` if the request has two `Authorization` lines, even if they are equal. With
/// two lines, a proxy in front of this server may have read a different line than this server (RFC
/// 6750 section 3.1, RFC 9110 section 5.3).
pub(crate) fn credential(headers: &HeaderMap) -> Result<Credential<'_>, NoToken> {
    let line = headers.get(AUTHORIZATION).ok_or(NoToken::Absent)?;
    // The search for a second `Authorization` line is skipped if every header of the request has
    // only one line, as in most requests.
    let has_several = headers.len() > headers.keys_len();
    if has_several && headers.get_all(AUTHORIZATION).iter().nth(1).is_some() {
        return Err(NoToken::Malformed);
    }
    let text = strip_bearer(line.as_bytes())?;
    Ok(Credential { line, text })
}

/// Removes `Bearer` and the spaces after `Bearer` from the header value. The grammar of the header
/// value is `credentials = auth-scheme 1*SP token68` (RFC 9110 section 11.4, RFC 6750 section 2.1).
fn strip_bearer(line: &[u8]) -> Result<&[u8], NoToken> {
    // Fast path for the common spelling of the scheme. `token` validates the rest of the line
    // later.
    if let Some(token) = line.strip_prefix(b"Bearer ")
        && token.first().is_some_and(|byte| is_token68_byte(*byte))
    {
        return Ok(token);
    }
    let scheme_length = line.iter().take_while(|byte| is_tchar(**byte)).count();
    let (scheme, rest) = line.split_at(scheme_length);
    let token = rest.trim_ascii_start();
    let spaces = rest.strip_suffix(token).unwrap_or_default();
    if scheme.is_empty() || !spaces.iter().all(|byte| *byte == b' ') {
        return Err(NoToken::Malformed);
    }
    if !rest.is_empty() && spaces.is_empty() {
        return Err(NoToken::Malformed);
    }
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        return Err(NoToken::OtherScheme);
    }
    Ok(token)
}

/// Returns true if the byte is a `tchar` (RFC 9110 section 5.6.2).
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{TOKEN_LIMIT, token};
    use http::HeaderValue;

    type Case<'a> = (&'a [&'a [u8]], Result<&'a str, NoToken>);

    fn read(lines: &[&[u8]]) -> Result<String, NoToken> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        }
        credential(&headers).and_then(|credential| token(credential.text)).map(str::to_owned)
    }

    #[test]
    fn only_one_well_formed_bearer_credential_is_accepted() {
        use NoToken::{Absent, Malformed, OtherScheme};
        let cases: &[Case<'_>] = &[
            (&[], Err(Absent)),
            (&[b"Bearer abc"], Ok("abc")),
            (&[b"bearer abc"], Ok("abc")),
            (&[b"BEARER abc"], Ok("abc")),
            (&[b"bEaReR abc"], Ok("abc")),
            (&[b"Bearer  abc"], Ok("abc")),
            (&[b"Bearer     abc=="], Ok("abc==")),
            (&[b"Bearer a.b-c_d~e+f/g"], Ok("a.b-c_d~e+f/g")),
            (&[b""], Err(Malformed)),
            (&[b" Bearer abc"], Err(Malformed)),
            (&[b"Bearer"], Err(Malformed)),
            (&[b"Bearer "], Err(Malformed)),
            (&[b"Bearer\tabc"], Err(Malformed)),
            (&[b"Bearer \tabc"], Err(Malformed)),
            (&[b"Bearer\xa0abc"], Err(Malformed)),
            (&[b"Bearer:abc"], Err(Malformed)),
            (&[b"Bearer=abc"], Err(Malformed)),
            (&[b"Bearerabc"], Err(OtherScheme)),
            (&[b"abc.def.ghi"], Err(OtherScheme)),
            (&[b"Basic dXNlcjpwYXNz"], Err(OtherScheme)),
            (&[b"Negotiate"], Err(OtherScheme)),
            (&[b"Bearer \"abc\""], Err(Malformed)),
            (&[b"Bearer abc,"], Err(Malformed)),
            (&[b"Bearer abc, Bearer abc"], Err(Malformed)),
            (&[b"Bearer a%2Eb"], Err(Malformed)),
            (&[b"Bearer abc def"], Err(Malformed)),
            (&[b"Bearer abc "], Err(Malformed)),
            (&[b"Bearer abc realm=\"x\""], Err(Malformed)),
            (&[b"Bearer =abc"], Err(Malformed)),
            (&[b"Bearer ab=c"], Err(Malformed)),
            (&[b"Bearer \xc3\xa4"], Err(Malformed)),
            (&[b"Bearer abc", b"Bearer abc"], Err(Malformed)),
            (&[b"Basic abc", b"Bearer abc"], Err(Malformed)),
        ];
        for (lines, expected) in cases {
            let line = lines.concat();
            let name = String::from_utf8_lossy(&line);
            assert_eq!(read(lines), expected.map(str::to_owned), "{name}");
        }
        let longest = [b"Bearer ".as_slice(), &[b'a'; TOKEN_LIMIT]].concat();
        assert!(read(&[&longest]).is_ok());
        let longer = [longest.as_slice(), b"a"].concat();
        assert_eq!(read(&[&longer]), Err(Malformed));
    }
}
