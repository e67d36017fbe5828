//! The page to which a sign-in or a sign-out leads.

use url::Url;

/// The longest address in bytes. It is stored in a cookie during a sign-in.
const LIMIT: usize = 512;

/// The absolute URL of a page of the application's own origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReturnAddress(Url);

impl ReturnAddress {
    /// Resolves a path, with its query and its fragment, against the origin of the application.
    /// Returns `None` for every text that a browser could take for an address of another origin.
    ///
    /// The result is absolute. A relative address such as `/.//host`, which a browser resolves to
    /// the path `//host`, would name another host in a second resolution.
    pub(crate) fn resolve(public_url: &Url, path: &str) -> Option<Self> {
        let is_visible = path.bytes().all(|byte| byte.is_ascii_graphic());
        if path.len() > LIMIT || !is_visible || path.contains('\\') || !begins_at_root(path) {
            return None;
        }
        let url = public_url.join(path).ok()?;
        let is_own = url.origin() == public_url.origin()
            && url.username().is_empty()
            && url.password().is_none()
            && begins_at_root(url.path());
        is_own.then_some(Self(url))
    }

    /// Returns the first page of the application.
    pub(crate) fn root(public_url: &Url) -> Self {
        let mut url = public_url.clone();
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Self(url)
    }

    /// Returns the path, with its query and fragment.
    pub(crate) fn path(&self) -> String {
        self.0.as_str().get(self.0.origin().ascii_serialization().len()..).unwrap_or("/").to_owned()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Returns true for a path with one slash at its beginning. A second slash, also an encoded one or a
/// backslash, would begin a host.
fn begins_at_root(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let encoded = rest.get(..3).unwrap_or_default();
    !rest.starts_with(['/', '\\'])
        && !encoded.eq_ignore_ascii_case("%2f")
        && !encoded.eq_ignore_ascii_case("%5c")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn application() -> Url {
        "https://notes.example.com/".parse().unwrap()
    }

    fn resolve(path: &str) -> Option<String> {
        Some(ReturnAddress::resolve(&application(), path)?.url().as_str().to_owned())
    }

    #[test]
    fn a_path_of_the_application_is_accepted() {
        let long = format!("/{}", "a".repeat(LIMIT - 1));
        for path in [
            "/",
            "/notes",
            "/notes/7?order=newest&page=2#last",
            "/?next=https://evil.example/",
            "/notes//7",
            "/a/../b",
            "/n%C3%B6te?q=%0A",
            "/@evil.example/",
            "/javascript:alert(1)",
            &long,
        ] {
            let expected = application().join(path).unwrap();
            assert_eq!(resolve(path).as_deref(), Some(expected.as_str()), "{path}");
            let address = ReturnAddress::resolve(&application(), path).unwrap();
            let again = ReturnAddress::resolve(&application(), &address.path());
            assert_eq!(again, Some(address), "{path}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("/{}", "a".repeat(LIMIT));
        for path in [
            "",
            "notes",
            "?a=b",
            "#a",
            "//evil.example",
            "//evil.example/notes",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "/a\\..\\..//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/..//evil.example",
            "/%2fevil.example",
            "/%2Fevil.example",
            "/%5cevil.example",
            "/%5C%5Cevil.example",
            "%2f%2fevil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/ /evil.example",
            "https://evil.example/",
            "https://notes.example.com/notes",
            "https:/notes",
            "https:notes",
            "https://notes.example.com@evil.example/",
            "https://user:password@notes.example.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/n\u{f6}te",
            "/a\0b",
            "/a\u{7f}",
            &long,
        ] {
            assert_eq!(resolve(path), None, "{path:?}");
        }
    }

    #[test]
    fn the_root_has_no_path() {
        let root = ReturnAddress::root(&"https://notes.example.com:8443/a?b#c".parse().unwrap());
        assert_eq!(root.url().as_str(), "https://notes.example.com:8443/");
        assert_eq!(root.path(), "/");
    }

    proptest! {
        /// Also the path alone, which a redirect could contain, leads to the application.
        #[test]
        fn no_text_leads_to_another_origin(text in "[/\\\\a-c.:@%25fF?#\t ]{0,12}|.{0,20}") {
            if let Some(address) = ReturnAddress::resolve(&application(), &text) {
                prop_assert_eq!(address.url().origin(), application().origin());
                let path = address.path();
                prop_assert!(path.starts_with('/') && !path.starts_with("//"));
                let resolved = application().join(&path).unwrap();
                prop_assert_eq!(resolved.origin(), application().origin());
            }
        }
    }
}
