//! Texts of identifiers and URLs for logs and errors, without the secrets that they may contain.

use reqwest::Url;

/// Longest text of a fetched URL, in characters.
const LIMIT: usize = 200;

/// Returns a text of the configuration, such as the identifier of an issuer. A text with a colon or
/// a slash before an `@` may be a URL with a password, even if it is misspelt, so this function
/// returns `(not shown)` instead. An e-mail address is shown, because identifiers of issuers may be
/// e-mail addresses.
pub(crate) fn redacted(text: &str) -> &str {
    let before_host = text.rsplit_once('@').map_or("", |(before, _)| before);
    if before_host.contains([':', '/', '\\']) { "(not shown)" } else { text }
}

/// Returns a URL of the configuration like [`redacted`], without its query and fragment, which may
/// contain a secret.
pub(crate) fn redacted_url(text: &str) -> String {
    let text = redacted(text);
    match text.find(['?', '#']).and_then(|end| text.get(..=end)) {
        Some(address) => format!("{address}(not shown)"),
        None => text.to_owned(),
    }
}

/// Returns a URL of a request without credentials, query and fragment, cut to 200 characters.
pub(crate) fn without_query(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let text = format!("{}://{host}{port}{}", url.scheme(), url.path());
    text.chars().take(LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        let cases = [
            ("https://a.example/keys", "https://a.example/keys"),
            ("http://a.example:8080/k?key=secret#secret", "http://a.example:8080/k"),
            ("https://user:secret@a.example/", "https://a.example/"),
            ("https://[::1]:1/", "https://[::1]:1/"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_query(&url(text)), expected);
            assert!(!redacted_url(text).contains("secret"), "{text}");
        }
        assert_eq!(
            redacted_url("https://a.example/k?key=secret"),
            "https://a.example/k?(not shown)"
        );
        assert_eq!(redacted_url("https://user:secret@a.example?x"), "(not shown)");
        assert_eq!(redacted_url("admin@a.example"), "admin@a.example");
        let long = url(&format!("https://a.example/{}", "x".repeat(10_000)));
        assert_eq!(without_query(&long).len(), LIMIT);
    }
}
