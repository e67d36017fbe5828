//! The evidence that a request with a cookie comes from a page of the same origin.
//!
//! A browser sends cookies with requests that any page on any site causes. A credential in a
//! cookie counts only with evidence that a page of this origin, or a page that the configuration
//! names, caused the request (RFC 6750 section 5.3).
//!
//! The rules are a table. The first row that applies decides:
//!
//! | row | a request | is |
//! |---|---|---|
//! | 1 | with several lines of `Sec-Fetch-Site` or `Origin` | refused |
//! | 2 | whose `Origin` is configured as a further origin | admitted |
//! | 3 | with `Sec-Fetch-Site: same-origin` | admitted, also with `Origin: null` |
//! | 4 | with `Sec-Fetch-Site: none`, which the user caused, by `GET` or `HEAD`, without `Origin`, that opens no websocket | admitted |
//! | 5 | that is a top-level navigation by `GET` to a page | admitted |
//! | 6 | with any other `Sec-Fetch-Site`, such as `same-site` and `cross-site` | refused |
//! | 7 | by `GET`, `HEAD` or `OPTIONS`, without `Sec-Fetch-Site` and without `Origin`, that opens no websocket | admitted: an old browser, or a program |
//! | 8 | without `Sec-Fetch-Site`, whose `Origin` is the own origin | admitted |
//! | | all others | refused |
//!
//! Chromium sends `Sec-Fetch-Site` with every request except the handshake of a websocket, which
//! has `Origin`.

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::websocket::opens_websocket;
use crate::error::Fault;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The origins whose pages may cause requests with a cookie.
#[derive(Debug, Clone, Default)]
pub(crate) struct SameOrigin {
    /// The own origin, if it is configured. Otherwise it is the `Host` of each request.
    own: Option<Box<str>>,
    further: Vec<Box<str>>,
}

impl SameOrigin {
    /// Creates the rule. Both texts are origins as browsers write them (RFC 6454 section 6.2).
    pub(crate) fn new(own: Option<String>, further: Vec<String>) -> Self {
        Self {
            own: own.map(String::into_boxed_str),
            further: further.into_iter().map(String::into_boxed_str).collect(),
        }
    }

    /// Applies the table. `is_page` is true for a route that shows a page.
    pub(crate) fn check(&self, parts: &Parts, is_page: bool) -> Result<(), Fault> {
        let site = only_value(&parts.headers, &SEC_FETCH_SITE)?;
        let origin = only_value(&parts.headers, &ORIGIN)?;
        if origin.is_some_and(|origin| self.further.iter().any(|one| one.as_bytes() == origin)) {
            return Ok(());
        }
        let is_admitted = match site {
            Some(b"same-origin") => true,
            Some(b"none")
                if is_read(&parts.method) && origin.is_none() && !opens_websocket(parts) =>
            {
                true
            }
            Some(_) => is_page && is_navigation(parts),
            None if origin.is_some() || opens_websocket(parts) => {
                origin.is_some_and(|origin| self.is_own(origin, parts))
            }
            None => is_read(&parts.method) || parts.method == Method::OPTIONS,
        };
        match (is_admitted, site) {
            (true, _) => Ok(()),
            (false, Some(_)) => Err(Fault::FromAnotherSite),
            (false, None) => Err(Fault::NoOriginEvidence),
        }
    }

    /// Returns true if the origin is the own one. Without a configured origin, its host and port
    /// must be those of the request.
    fn is_own(&self, origin: &[u8], parts: &Parts) -> bool {
        match &self.own {
            Some(own) => own.as_bytes() == origin,
            None => host_of(origin)
                .zip(host(&parts.uri, &parts.headers))
                .is_some_and(|(of_origin, own)| of_origin.eq_ignore_ascii_case(own)),
        }
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Returns true for a top-level navigation by `GET`: a link, a bookmark, the return from another
/// site (Fetch Metadata Request Headers, sections 2.1 and 2.2). A frame of another page is not one.
fn is_navigation(parts: &Parts) -> bool {
    let has = |name: HeaderName, value: &str| {
        only_value(&parts.headers, &name) == Ok(Some(value.as_bytes()))
    };
    parts.method == Method::GET
        && has(SEC_FETCH_MODE, "navigate")
        && has(SEC_FETCH_DEST, "document")
        && !opens_websocket(parts)
}

/// Returns the host and the port of an https origin, or of an http origin on this machine. An opaque
/// origin, `null`, has none. Anybody on the network can write the pages of an http origin.
fn host_of(origin: &[u8]) -> Option<&[u8]> {
    let host = match origin.strip_prefix(b"https://") {
        Some(host) => host,
        None => origin.strip_prefix(b"http://").filter(|host| is_loopback(host))?,
    };
    (!host.is_empty()).then_some(host)
}

fn is_loopback(host: &[u8]) -> bool {
    let Ok(authority) = Authority::try_from(host) else { return false };
    let name = authority.host().to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// Returns the host and the port of the request: `:authority` of HTTP/2, otherwise `Host`.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a [u8]> {
    let authority = uri.authority().map(|authority| authority.as_str().as_bytes());
    let host = only_value(headers, &HOST).ok()?;
    match (authority, host) {
        (Some(one), Some(other)) if !one.eq_ignore_ascii_case(other) => None,
        (authority, host) => authority.or(host),
    }
}

fn only_value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, Fault> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (line, None) => Ok(line.map(HeaderValue::as_bytes)),
        (_, Some(_)) => Err(Fault::NoOriginEvidence),
    }
}

#[cfg(test)]
mod tests;
