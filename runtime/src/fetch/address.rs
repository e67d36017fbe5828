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

/// Returns true if metadata from the URL `location` may name the URL `to`. Metadata that came by
/// https must not lead to http, not even to http on this machine, unless the configuration permits
/// http for the issuer.
pub(crate) fn may_lead(location: &Url, to: &Url, insecure_http: bool) -> bool {
    let may_be_http = insecure_http || location.scheme() == "http";
    is_permitted(to, insecure_http) && (may_be_http || to.scheme() == "https")
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
}
