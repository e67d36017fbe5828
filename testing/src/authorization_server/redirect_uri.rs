//! Reads the redirect URIs of clients.

use axum_protected::__testing::is_permitted;
use url::Url;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RedirectUri {
    /// The redirect URI as the client registered it, for exact comparison (RFC 9700 section 4.1.3).
    pub(super) text: String,
    pub(super) url: Url,
}

impl RedirectUri {
    /// Reads an absolute URI without a fragment (RFC 6749 section 3.1.2), or returns the problem.
    /// Rejects characters that the URL parser would silently accept or remove: spaces, line breaks
    /// and backslashes. Rejects braces and asterisks, which show that a placeholder was not
    /// replaced.
    pub(super) fn read(text: String) -> Result<Self, String> {
        let has_scheme = text.starts_with("https://") || text.starts_with("http://");
        let parsed = if has_scheme
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\{}*<>^`|".contains(&byte))
        {
            text.parse::<Url>().ok()
        } else {
            None
        };
        let Some(url) = parsed else {
            // The error message does not show the text, because the part before an `@` may contain
            // a password.
            let shown = if text.contains('@') { "(not shown)" } else { &text };
            return Err(format!("the redirect URI {shown:?} is not an https URL"));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the redirect URI has a user name or a password: remove it".to_owned());
        }
        if url.fragment().is_some() {
            return Err(format!("the redirect URI `{text}` has a fragment: remove it"));
        }
        if !is_permitted(&url) {
            return Err(format!(
                "the redirect URI `{text}` is not https: http is for loopback only"
            ));
        }
        Ok(Self { text, url })
    }

    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// Returns true if the registered URI is on loopback and has no port, and the requested URI is the
/// same, character by character, with a port.
pub(super) fn differs_only_in_loopback_port(registered: &str, requested: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]", "http://localhost"].into_iter().any(|host| {
        let path = registered.strip_prefix(host);
        path.filter(|path| path.is_empty() || path.starts_with(['/', '?']))
            .and_then(|path| requested.strip_prefix(host)?.strip_prefix(':')?.strip_suffix(path))
            .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::{RedirectUri, differs_only_in_loopback_port};

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        let registered = "http://127.0.0.1/callback?a=b";
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            for path in ["", "/", "?a=b", "/callback?a=b"] {
                let requested = format!("http://{host}:1{path}");
                let registered = format!("http://{host}{path}");
                assert!(differs_only_in_loopback_port(&registered, &requested), "{requested}");
                assert!(!differs_only_in_loopback_port(&requested, &registered), "{requested}");
                let elsewhere = format!("http://{host}:2{path}");
                assert!(!differs_only_in_loopback_port(&elsewhere, &requested), "{requested}");
            }
        }
        let other = [
            "https://127.0.0.1:1/callback?a=b",
            "http://localhost:1/callback?a=b",
            "http://127.0.0.2:1/callback?a=b",
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:1/CALLBACK?a=b",
            "http://127.0.0.1:1/x/../callback?a=b",
            "http://127.0.0.1:1/callback?a=b#",
            "http://127.0.0.1.evil.example/callback?a=b",
            "http://127.0.0.1:/callback?a=b",
            "http://127.0.0.1:1@evil.example/callback?a=b",
            "http://127.0.0.1:1.evil.example/callback?a=b",
            "http://127.0.0.1@evil.example/callback?a=b",
        ];
        for uri in other {
            assert!(!differs_only_in_loopback_port(registered, uri), "{uri}");
        }
        let app = "https://app.example.com/callback";
        assert!(!differs_only_in_loopback_port(app, "https://app.example.com:444/callback"));
        let longer = "http://127.0.0.1.evil.example/";
        assert!(!differs_only_in_loopback_port(longer, "http://127.0.0.1:1.evil.example/"));
    }

    #[test]
    fn a_redirect_uri_is_https_or_on_loopback() {
        let good =
            ["https://app.example.com/callback?a=b", "http://localhost:3000/", "http://[::1]:1/x"];
        let bad = [
            "",
            "/callback",
            "javascript:alert(1)",
            "http://app.example.com/",
            "https://app.example.com/#x",
            "https://*.example.com/",
            "https://{tenant}.example.com/",
            "https:\\\\app.example.com/",
            "https://app.example.com/ ",
            "https://user:secret@app.example.com/",
            "https://user:my secret@app.example.com/",
        ];
        for uri in good {
            assert!(RedirectUri::read(uri.to_owned()).is_ok(), "{uri}");
        }
        for uri in bad {
            let problem = RedirectUri::read(uri.to_owned()).unwrap_err();
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
