//! The page to which a sign-in or a sign-out leads.

use url::Url;

/// The longest address in bytes. It is stored in a cookie during a sign-in.
const LIMIT: usize = 1024;

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
