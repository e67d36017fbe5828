//! Recognizes top-level navigations.

use axum::http::HeaderMap;

use crate::sign_in::{SignInError, SignInErrorKind};

/// Refuses a request that is not a top-level navigation.
pub(super) fn check_top_level(headers: &HeaderMap) -> Result<(), SignInError> {
    if is_top_level(headers) {
        return Ok(());
    }
    Err(SignInErrorKind::NotNavigation
        .because("`Sec-Fetch-Dest` says that the request is not a top-level navigation"))
}

/// Returns true if the browser reports that it will show the response as a page of its own (Fetch
/// Metadata Request Headers section 2.1), or reports nothing. A sign-in works only as such a page:
/// the request of an image, a frame or a script would begin sign-ins of which the user knows
/// nothing. A link of another site to the sign-in is a navigation like others.
fn is_top_level(headers: &HeaderMap) -> bool {
    let mut destinations = headers.get_all("sec-fetch-dest").iter();
    match (destinations.next(), destinations.next()) {
        (None, _) => true,
        (Some(destination), None) => destination == "document",
        (Some(_), Some(_)) => false,
    }
}
