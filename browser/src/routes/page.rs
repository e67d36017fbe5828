//! The responses that a user sees. The pages have no script and no style, and contain nothing that
//! the request chose.

use std::fmt;

use axum::body::Body;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use url::Url;

use crate::sign_in::SignInError;

/// The seconds after which a user should try again to sign in, if the provider is unavailable.
const RETRY_SECONDS: &str = "5";

/// The page may load nothing, and no other page may show it in a frame.
const POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Redirects the browser. The status is 303, so that the browser follows it by `GET` (RFC 9700
/// section 4.12).
///
/// The header is marked as sensitive, because the addresses at the provider contain a `state`, a
/// `nonce` or an ID token, which a log of headers must not show.
pub(super) fn redirect(url: &Url) -> Response {
    let mut response = secured(StatusCode::SEE_OTHER, Body::empty());
    if let Ok(mut location) = HeaderValue::try_from(url.as_str()) {
        location.set_sensitive(true);
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Returns a page that leads on to another page of the application.
///
/// A browser sends no cookie with `SameSite=Strict` in a redirect that began at another site. This
/// page is of the application, so that the cookie is sent with the request that follows it.
pub(super) fn continuation(url: &Url) -> Response {
    let url = Escaped(url.as_str());
    let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={url}\">\n");
    let body = format!("<p>You are signed in. <a href=\"{url}\">Continue</a></p>\n");
    html(StatusCode::OK, "Signed in", &head, &body)
}

/// Returns a page about a sign-in that failed, with a link to try again.
pub(super) fn failure(error: &SignInError, login: &str) -> Response {
    let sentence = Escaped(error.kind.sentence());
    let login = Escaped(login);
    let body = format!(
        "<h1>Sign-in failed</h1>\n<p>{sentence}</p>\n<p><a href=\"{login}\">Try again</a></p>\n"
    );
    let status = error.kind.status();
    let mut response = html(status, "Sign-in failed", "", &body);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response
}

/// Returns the response to a request with a method other than `GET`.
pub(super) fn only_get() -> Response {
    let mut response = secured(StatusCode::METHOD_NOT_ALLOWED, Body::empty());
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

fn html(status: StatusCode, title: &str, head: &str, body: &str) -> Response {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n{head}</head>\n<body>\n{body}</body>\n</html>\n"
    );
    let mut response = secured(status, Body::from(page));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

/// Returns a response that no cache stores, and whose address no other page learns.
fn secured(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A text that `Display` escapes for HTML, for use between tags and in quoted attributes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '&' => formatter.write_str("&amp;"),
            '<' => formatter.write_str("&lt;"),
            '>' => formatter.write_str("&gt;"),
            '"' => formatter.write_str("&quot;"),
            '\'' => formatter.write_str("&#39;"),
            letter => write!(formatter, "{letter}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_output_of_a_redirect_does_not_contain_its_address() {
        let response = redirect(&"https://idp.example.com/?state=secret".parse().unwrap());
        assert_eq!(response.headers()[LOCATION], "https://idp.example.com/?state=secret");
        assert!(!format!("{response:?}").contains("secret"));
    }

    #[test]
    fn text_is_escaped_for_html() {
        let text = r#"<a href="x" title='y'>&amp;</a>"#;
        let expected = "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;";
        assert_eq!(Escaped(text).to_string(), expected);
    }
}
