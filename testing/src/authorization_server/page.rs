//! The HTML pages that a user sees. The pages contain no scripts and no styles, and all inserted
//! values are escaped.

use std::fmt;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Html;
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::redirect_uri::RedirectUri;

/// Returns the sign-in page. The `ticket` binds the form to the authorization request. A page of
/// another site cannot guess the ticket, which prevents CSRF (RFC 6749 section 10.12).
pub(super) fn consent(request: &AuthorizationRequest, ticket: &str) -> Response {
    let access = &request.requested.access;
    let details = access.details.iter().map(ToString::to_string);
    let audience = access.audience.iter().map(|one| format!("<code>{}</code>", Escaped(one)));
    let body = format!(
        r#"<h1>Development sign-in</h1>
<p><code>{client}</code> asks for a token for {audience} with these scopes:</p>
<ul>
{scopes}</ul>
{details}<form method="post" action="/consent">
<input type="hidden" name="ticket" value="{ticket}">
<p><label>Subject <input name="subject" value="alice" required maxlength="{SUBJECT_LIMIT}"></label></p>
<button>Allow</button>
</form>
"#,
        client = Escaped(&request.client_id),
        audience = audience.collect::<Vec<_>>().join(", "),
        scopes = list(access.scope.iter().cloned()),
        details = details_list(&list(details)),
        ticket = Escaped(ticket),
    );
    // Browsers apply `form-action` also to the redirect after the form submission.
    let client = source(&request.redirect_target.redirect_uri);
    page(&body, &format!("'self' {client}"))
}

/// Returns an element of a list for each text.
fn list(texts: impl Iterator<Item = String>) -> String {
    let items = texts.map(|text| format!("<li><code>{}</code></li>\n", Escaped(&text)));
    items.collect::<Vec<_>>().concat()
}

fn details_list(items: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("<p>and with these authorization details:</p>\n<ul>\n{items}</ul>\n")
}

/// Returns the client's origin as a CSP source. CSP sources cannot express an IPv6 address (Content
/// Security Policy Level 3 section 2.3.1), so for an IPv6 address the source is the scheme.
fn source(redirect_uri: &RedirectUri) -> String {
    match redirect_uri.url.host_str() {
        Some(host) if host.starts_with('[') => format!("{}:", redirect_uri.url.scheme()),
        _ => redirect_uri.origin(),
    }
}

/// Returns the page that shows an error in the client's request to the user.
pub(super) fn refusal(title: &str, description: &str) -> Response {
    let body = format!("<h1>{}</h1>\n<p>{}</p>\n", Escaped(title), Escaped(description));
    page(&body, "'none'")
}

/// Returns the page after a logout whose request has no redirect.
pub(super) fn signed_out() -> Response {
    page("<h1>You are signed out</h1>\n", "'none'")
}

/// The maximum length of a `sub` (OpenID Connect Core section 2).
pub(super) const SUBJECT_LIMIT: usize = 255;

fn page(body: &str, form_action: &str) -> Response {
    let html = format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Development sign-in</title>
</head>
<body>
{body}</body>
</html>
"#
    );
    // `frame-ancestors 'none'` prevents clickjacking: no other page may show this page in a frame
    // (RFC 6749 section 10.13).
    let policy = format!(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action {form_action}"
    );
    let headers = [
        (CONTENT_SECURITY_POLICY, policy.as_str()),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(html)).into_response()
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
    fn a_csp_source_names_the_client_or_its_scheme() {
        let cases = [
            ("https://app.example.com/callback", "https://app.example.com"),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1:3000"),
            ("http://[::1]:3000/callback", "http:"),
        ];
        for (uri, expected) in cases {
            let redirect_uri = RedirectUri { text: uri.to_owned(), url: uri.parse().unwrap() };
            assert_eq!(source(&redirect_uri), expected);
        }
    }

    #[test]
    fn text_is_escaped_for_html() {
        let text = r#"<a href="x" title='y'>&amp;</a>é"#;
        assert_eq!(
            Escaped(text).to_string(),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;é"
        );
    }
}
