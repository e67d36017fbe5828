//! The identifier of a protected resource, and the addresses of its metadata.

/// The path under which a host publishes the metadata of its resources (RFC 9728 section 3).
pub(crate) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The identifier of a protected resource (RFC 9728 section 1.2): an https URL without a fragment.
/// The text is never changed, because clients compare it byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResourceIdentifier {
    text: String,
    /// The length of the scheme and the authority.
    origin: usize,
    /// The length of the scheme, the authority and the path.
    query: usize,
}

impl ResourceIdentifier {
    /// Creates an identifier from a valid URL in its normal form.
    pub(crate) fn new(text: String) -> Self {
        let authority = text.find("://").map_or(0, |scheme| scheme.saturating_add(3));
        let end_before = |characters: &[char]| {
            let rest = text.get(authority..).unwrap_or_default();
            rest.find(characters).map_or(text.len(), |length| authority.saturating_add(length))
        };
        let (origin, query) = (end_before(&['/', '?']), end_before(&['?']));
        Self { text, origin, query }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the address of the metadata document. The well-known path is inserted between the
    /// host and the path (RFC 9728 section 3.1).
    pub(crate) fn metadata_url(&self) -> String {
        let origin = self.text.get(..self.origin).unwrap_or_default();
        let query = self.text.get(self.query..).unwrap_or_default();
        format!("{origin}{WELL_KNOWN}{}{query}", self.path())
    }

    /// Returns the path that follows [`WELL_KNOWN`]. A path of only a slash is left out, because a
    /// slash after the host is removed before the well-known path is inserted (RFC 9728 section
    /// 3.1).
    pub(crate) fn path(&self) -> &str {
        match self.text.get(self.origin..self.query) {
            None | Some("/") => "",
            Some(path) => path,
        }
    }

    /// Returns the query without its question mark.
    pub(crate) fn query(&self) -> Option<&str> {
        self.text.get(self.query..)?.strip_prefix('?')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_well_known_path_is_inserted_after_the_host() {
        for (identifier, url, path, query) in [
            ("https://h", "https://h/.well-known/oauth-protected-resource", "", None),
            ("https://h/", "https://h/.well-known/oauth-protected-resource", "", None),
            ("https://h:8443", "https://h:8443/.well-known/oauth-protected-resource", "", None),
            ("https://h/mcp", "https://h/.well-known/oauth-protected-resource/mcp", "/mcp", None),
            ("https://h/a/b", "https://h/.well-known/oauth-protected-resource/a/b", "/a/b", None),
            (
                "https://h/api/",
                "https://h/.well-known/oauth-protected-resource/api/",
                "/api/",
                None,
            ),
            (
                "https://h?x=1",
                "https://h/.well-known/oauth-protected-resource?x=1",
                "",
                Some("x=1"),
            ),
            (
                "https://h/?x=1",
                "https://h/.well-known/oauth-protected-resource?x=1",
                "",
                Some("x=1"),
            ),
            (
                "https://h/a?x=/b?y",
                "https://h/.well-known/oauth-protected-resource/a?x=/b?y",
                "/a",
                Some("x=/b?y"),
            ),
            (
                "http://[::1]:1/a",
                "http://[::1]:1/.well-known/oauth-protected-resource/a",
                "/a",
                None,
            ),
        ] {
            let read = ResourceIdentifier::new(identifier.to_owned());
            assert_eq!(read.metadata_url(), url);
            assert_eq!((read.as_str(), read.path(), read.query()), (identifier, path, query));
        }
    }
}
