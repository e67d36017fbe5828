//! Validates the URLs and audiences of a configuration strictly. The server compares them with
//! tokens and writes them into challenges byte by byte, so this module does not normalise them.

use reqwest::Url;

use crate::fetch::is_permitted;
use crate::redaction::redacted_url;

/// Parses the URL in the setting `name`. The error describes the problem to the operator.
///
/// URL parsers accept and correct spaces, line breaks and backslashes. This function refuses these
/// characters, because the server compares the configured text with `iss` byte by byte and a text
/// with such a typing error never matches. This function also refuses braces and asterisks, because
/// they occur in placeholders that were not filled in.
pub(in crate::server) fn url(name: &str, text: &str) -> Result<Url, String> {
    parse(text, false).map_err(|defect| match defect {
        Defect::Http => format!("{}: http is for loopback only", defect.sentence(name, text)),
        other => other.problem(name, text),
    })
}

/// Parses like [`url`] the URL of a document of an issuer. With `insecure_http`, plain http is
/// permitted to every host.
pub(in crate::server) fn document(
    name: &str,
    text: &str,
    insecure_http: bool,
) -> Result<Url, String> {
    parse(text, insecure_http).map_err(|defect| match defect {
        Defect::Http => format!(
            "{}: http is for loopback only, unless `insecure_http` of the issuer permits it",
            defect.sentence(name, text)
        ),
        other => other.problem(name, text),
    })
}

/// Parses the identifier of an issuer whose metadata is found by discovery (RFC 8414 section 2).
pub(in crate::server) fn issuer(text: &str, insecure_http: bool) -> Result<Url, String> {
    let parsed = parse(text, insecure_http).and_then(|url| match url.query() {
        None => Ok(url),
        Some(_) => Err(Defect::Query),
    });
    parsed.map_err(|defect| {
        let remedy = match defect {
            Defect::NotUrl => "correct it",
            Defect::Credentials | Defect::Fragment | Defect::Query => "remove it",
            Defect::Http => "use https, permit http with `insecure_http`",
        };
        format!(
            "{}, and the server has to find its keys by discovery: {remedy}, or set \
             `metadata_url`, `jwks_uri` or the keys themselves",
            defect.sentence("issuer", text)
        )
    })
}

/// Defect of a URL in a configuration.
#[derive(Debug, Clone, Copy)]
enum Defect {
    NotUrl,
    Credentials,
    Fragment,
    Query,
    Http,
}

impl Defect {
    fn problem(self, name: &str, text: &str) -> String {
        let sentence = self.sentence(name, text);
        match self {
            Self::NotUrl | Self::Http => sentence,
            Self::Credentials | Self::Fragment | Self::Query => format!("{sentence}: remove it"),
        }
    }

    /// Returns the defect as a sentence without the remedy.
    fn sentence(self, name: &str, text: &str) -> String {
        let shown = redacted_url(text);
        match self {
            Self::NotUrl => format!("the {name} {shown:?} is not an https URL"),
            Self::Credentials => format!("the {name} has a user name or a password"),
            Self::Fragment => format!("the {name} `{shown}` has a fragment"),
            Self::Query => format!("the {name} `{shown}` has a query"),
            Self::Http => format!("the {name} `{shown}` is not https"),
        }
    }
}

fn parse(text: &str, insecure_http: bool) -> Result<Url, Defect> {
    let has_scheme = text.starts_with("https://") || text.starts_with("http://");
    let is_literal =
        text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\{}*<>^`|".contains(&byte));
    let parsed = text.parse::<Url>().ok().filter(|_| has_scheme && is_literal);
    let url = parsed.ok_or(Defect::NotUrl)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Defect::Credentials);
    }
    if url.fragment().is_some() {
        return Err(Defect::Fragment);
    }
    if is_permitted(&url, insecure_http) { Ok(url) } else { Err(Defect::Http) }
}

/// Checks an audience. The error describes the problem to the operator.
pub(in crate::server) fn audience(text: &str) -> Result<(), String> {
    if text.is_empty() || text.trim() != text || text.contains(char::is_control) {
        return Err(format!(
            "the audience {text:?} is empty, starts or ends with a space, or contains a control \
             character"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_of_an_issuer_is_one_sentence() {
        let discovery = "and the server has to find its keys by discovery";
        let others = "or set `metadata_url`, `jwks_uri` or the keys themselves";
        for (text, defect, remedy) in [
            ("acme", "the issuer \"acme\" is not an https URL", "correct it"),
            (
                "https://user:secret@a.example/x",
                "the issuer has a user name or a password",
                "remove it",
            ),
            (
                "https://a.example#x",
                "the issuer `https://a.example#(not shown)` has a fragment",
                "remove it",
            ),
            (
                "https://a.example?x",
                "the issuer `https://a.example?(not shown)` has a query",
                "remove it",
            ),
            (
                "http://a.example",
                "the issuer `http://a.example` is not https",
                "use https, permit http with `insecure_http`",
            ),
        ] {
            let expected = format!("{defect}, {discovery}: {remedy}, {others}");
            assert_eq!(issuer(text, false).unwrap_err(), expected);
        }
    }

    #[test]
    fn urls_that_a_parser_would_correct_are_refused() {
        for good in ["https://a.example", "https://a.example:8443/t/", "http://127.0.0.1:1/t"] {
            assert!(issuer(good, false).is_ok(), "{good}");
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
            "https://a.example?code=secret",
            "https://{a}.example?code=secret",
            "http://a.example?code=secret",
            "https://a.example#secret",
            "https:/user:secret@a.example",
            "https:user:secret@a.example",
            "user:secret@a.example",
            "https:\\\\user:secret@a.example",
            "https://user:secret?#@a.example",
            "https://a.example?key=secret",
            "https://a.example#secret",
            "http://a.example?key=secret",
            "https://a.ex ample?key=secret",
        ];
        for bad in bad {
            let problem = issuer(bad, false).unwrap_err();
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
