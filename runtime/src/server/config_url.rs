//! URLs as a configuration states them: taken literally, so that what is compared with a token or
//! written into a challenge is what was meant.

use reqwest::Url;

use crate::keys::is_permitted;

/// The URL, or what is wrong with it. URL parsers forgive spaces, line breaks and backslashes; an
/// `iss` is compared byte by byte and would never match, so nothing is forgiven here. Placeholders
/// that somebody forgot to fill have braces or an asterisk.
pub(super) fn url(what: &str, text: &str) -> Result<Url, String> {
    let literal = |byte: u8| byte.is_ascii_graphic() && !b"\"\\{}*<>^`|".contains(&byte);
    let schemed = text.starts_with("https://") || text.starts_with("http://");
    let parsed = text.parse::<Url>().ok();
    let parsed = parsed.filter(|_| schemed && text.bytes().all(literal));
    let Some(url) = parsed else {
        return Err(format!("the {what} {:?} is not an https URL", shown(text)));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("the {what} has a user name or a password: remove it"));
    }
    if url.fragment().is_some() {
        return Err(format!("the {what} `{text}` has a fragment: remove it"));
    }
    if !is_permitted(&url) {
        return Err(format!("the {what} `{text}` is not https: http is for loopback only"));
    }
    Ok(url)
}

/// An address as an error may show it: what has an `@` may have a password before it.
pub(super) fn shown(text: &str) -> &str {
    if text.contains('@') { "(not shown)" } else { text }
}

/// The identifier of an issuer (RFC 8414 section 2).
pub(super) fn issuer(text: &str) -> Result<Url, String> {
    let url = url("issuer", text)?;
    match url.query() {
        None => Ok(url),
        Some(_) => Err(format!("the issuer `{text}` has a query: remove it")),
    }
}

/// What is wrong with an audience, if anything is.
pub(super) fn audience(text: &str) -> Result<(), String> {
    if text.is_empty() || text.trim() != text || text.contains(char::is_control) {
        return Err(format!(
            "the audience {text:?} is empty or has spaces around it or controls in it"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_meant_literally_is_an_address() {
        for good in ["https://a.example", "https://a.example:8443/t/", "http://127.0.0.1:1/t"] {
            assert!(issuer(good).is_ok(), "{good}");
        }
        let bad = [
            "",
            "a",
            "a.example",
            "https:a.example",
            "https:\\\\a.example",
            "HTTPS://a.example",
            " https://a.example",
            "https://a.example ",
            "https://a.example\n",
            "https://a.ex\tample",
            "https://*",
            "https://a.example/{tenant}/v2.0",
            "https://a.example?x",
            "https://a.example#y",
            "http://a.example",
            "ftp://a.example",
            "https://",
            "https://ä.example",
            "https://user@a.example",
            "https://user:secret@a.example",
            "https://user:my secret@a.example",
        ];
        for bad in bad {
            let problem = issuer(bad).unwrap_err();
            assert!(!problem.contains("secret") && !problem.contains('\n'), "{problem}");
        }
        for good in ["api", "https://api.example.com", "urn:my api"] {
            assert_eq!(audience(good), Ok(()), "{good}");
        }
        for bad in ["", " ", " a", "a\n", "\0"] {
            assert!(audience(bad).is_err(), "{bad:?}");
        }
    }
}
