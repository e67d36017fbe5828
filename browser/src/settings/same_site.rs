//! The `SameSite` attribute of the session's cookie.

/// The `SameSite` attribute of the session's cookie (RFC 6265bis section 5.6.7).
///
/// The server itself refuses requests that other sites cause, with both values. The attribute is a
/// second line of defence in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SameSite {
    /// The browser also sends the cookie with links and redirects from other sites to a page. Use
    /// this value for an application whose server renders pages for the user.
    #[default]
    Lax,
    /// The browser sends the cookie only with requests that pages of the same site cause. A link
    /// from another site shows the page as to a user who is not signed in, until a request of that
    /// page carries the cookie. Use this value for one page that fetches its data by script.
    ///
    /// The last redirect of a sign-in comes from another site too. With this value, `/callback`
    /// therefore answers with a small page that leads on to the return address, not with a redirect.
    /// The request for the return address then comes from a page of this origin, although a link on
    /// another site may have chosen the address: a `GET` of any route must not change anything.
    Strict,
}

impl SameSite {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "Lax",
            Self::Strict => "Strict",
        }
    }
}
