//! Rules for the URLs that the server requests.

use std::net::Ipv4Addr;

use reqwest::Url;

/// Returns true for an https URL (RFC 8414 section 2) and for an http URL on this machine, which is
/// for development. With `insecure_http`, returns true for every http URL. Returns false for a URL
/// with credentials.
pub(crate) fn is_permitted(url: &Url, insecure_http: bool) -> bool {
    let has_no_credentials = url.username().is_empty() && url.password().is_none();
    let is_permitted_scheme = match url.scheme() {
        "https" => true,
        "http" => insecure_http || is_loopback(url),
        _ => false,
    };
    has_no_credentials && url.has_host() && is_permitted_scheme
}

/// Returns true if the host is a loopback address, `localhost` or a name below `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "[::1]"
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
            || is_loopback_name(host)
    })
}

/// Returns true for `localhost` and for each name below `localhost` (RFC 6761 section 6.3).
pub(super) fn is_loopback_name(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let top = host.rsplit('.').next().unwrap_or_default();
    top.eq_ignore_ascii_case("localhost")
}

/// Returns the URL for logs and errors: without credentials, query and fragment, which may contain
/// secrets, and cut to 200 characters.
pub(crate) fn without_query(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let text = format!("{}://{host}{port}{}", url.scheme(), url.path());
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn http_is_for_loopback_unless_it_is_permitted() {
        // (URL, is permitted, is permitted with `insecure_http`)
        let cases = [
            ("https://id.example.com/keys", true, true),
            ("https://id.example.com:8443/keys", true, true),
            ("http://127.0.0.1:8080/keys", true, true),
            ("http://127.8.9.10/keys", true, true),
            ("http://localhost:8080/keys", true, true),
            ("http://localhost./keys", true, true),
            ("http://LOCALHOST/keys", true, true),
            ("http://auth.localhost/keys", true, true),
            ("http://a.b.localhost/keys", true, true),
            ("http://[::1]:8080/keys", true, true),
            ("http://id.example.com/keys", false, true),
            ("http://keycloak:8080/keys", false, true),
            ("http://mylocalhost/keys", false, true),
            ("http://localhost.example.com/keys", false, true),
            ("http://localhost.localdomain/keys", false, true),
            ("http://127.0.0.1.example.com/keys", false, true),
            ("http://[::ffff:127.0.0.1]/keys", false, true),
            ("http://[::1:1]/keys", false, true),
            ("http://10.0.0.1/keys", false, true),
            ("http://169.254.169.254/keys", false, true),
            ("http://0.0.0.0/keys", false, true),
            ("https://user@id.example.com/keys", false, false),
            ("https://user:secret@id.example.com/keys", false, false),
            ("http://user@keycloak/keys", false, false),
            ("http://:secret@localhost/keys", false, false),
            ("ftp://127.0.0.1/keys", false, false),
            ("file:///etc/keys", false, false),
            ("file://localhost/etc/keys", false, false),
            ("data:application/json,{}", false, false),
        ];
        for (text, expected, with_opt_in) in cases {
            assert_eq!(is_permitted(&url(text), false), expected, "{text}");
            assert_eq!(is_permitted(&url(text), true), with_opt_in, "{text}");
        }
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
        }
        let long = url(&format!("https://a.example/{}", "x".repeat(10_000)));
        assert_eq!(without_query(&long).len(), 200);
    }
}
