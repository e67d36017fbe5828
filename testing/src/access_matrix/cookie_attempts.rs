//! The requests that present the token in a cookie, as a browser does for pages of several origins.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::attempts::{Attempt, Place};
use super::expected::Expected;
use axum_protected::RefusalKind;

const SEC_FETCH_SITE: &str = "sec-fetch-site";
const SEC_FETCH_MODE: &str = "sec-fetch-mode";
const SEC_FETCH_DEST: &str = "sec-fetch-dest";
const ORIGIN: &str = "origin";

/// The headers by which a server recognizes the origin of a request.
pub(super) const EVIDENCE: [&str; 4] = [SEC_FETCH_SITE, SEC_FETCH_MODE, SEC_FETCH_DEST, ORIGIN];

/// The headers of a request, and what they tell about the page that caused it.
type Evidence = (&'static str, &'static [(&'static str, &'static str)]);

const SAME_ORIGIN: Evidence =
    ("caused by a page of the same origin", &[(SEC_FETCH_SITE, "same-origin")]);

/// A link on another site that leads to the route.
const LINK: Evidence = (
    "caused by a link on another site",
    &[(SEC_FETCH_SITE, "cross-site"), (SEC_FETCH_MODE, "navigate"), (SEC_FETCH_DEST, "document")],
);

/// The evidence that no route admits. A browser without `Sec-Fetch-Site` sends the last one, and so
/// does each browser for the handshake of a websocket.
const OTHERS: [Evidence; 3] = [
    ("caused by a page of another site", &[(SEC_FETCH_SITE, "cross-site")]),
    ("caused by a page of the same site", &[(SEC_FETCH_SITE, "same-site")]),
    ("caused by a page of `https://other.invalid`", &[(ORIGIN, "https://other.invalid")]),
];

/// Returns the requests to a protected route, with the token of the first request that must be
/// granted. If a check decides on the route, the token is only valid, and no request must be granted.
/// `admits_links` is true for a `GET` of a page.
pub(super) fn cookie_attempts(in_header: &[Attempt], admits_links: bool) -> Vec<Attempt> {
    const CROSS_SITE: Expected = Expected::Refused(&[RefusalKind::CrossSiteRequest]);
    const TWICE: Expected = Expected::Refused(&[RefusalKind::InvalidRequest]);
    // A token that is bound to the key of DPoP proofs is accepted in the header only.
    let enough = in_header
        .iter()
        .find(|attempt| matches!(attempt.expected, Expected::Granted) && !attempt.binding.dpop);
    let valid = in_header.iter().find(|attempt| attempt.place == Place::Query);
    let source = enough.or(valid);
    let token = source.and_then(|attempt| attempt.token.clone());
    let binding = source.map(|attempt| attempt.binding).unwrap_or_default();
    let attempt = |(cause, headers): Evidence, expected| Attempt {
        place: Place::Cookie,
        binding,
        headers: headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect::<HeaderMap>(),
        ..Attempt::new(&format!("the token in the cookie, {cause}"), token.clone(), expected)
    };
    let granted = |evidence| enough.map(|_| attempt(evidence, Expected::Granted));
    let of_link = if admits_links { granted(LINK) } else { Some(attempt(LINK, CROSS_SITE)) };
    let others = OTHERS.map(|evidence| attempt(evidence, CROSS_SITE));
    let twice = Attempt {
        name: "the token in the cookie and in the header".to_owned(),
        place: Place::CookieAndHeader,
        ..attempt(SAME_ORIGIN, TWICE)
    };
    granted(SAME_ORIGIN).into_iter().chain(of_link).chain(others).chain([twice]).collect()
}
