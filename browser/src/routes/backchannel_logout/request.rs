//! Reads the logout token of a request.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use url::form_urlencoded;

/// The longest body in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// Returns the parameter `logout_token` of a form. Other parameters are ignored.
pub(super) async fn logout_token(request: Request) -> Result<String, &'static str> {
    let (parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return Err("the request is not `application/x-www-form-urlencoded`");
    }
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| "the body is incomplete or longer than 64 KiB")?;
    only_logout_token(&body)
}

fn only_logout_token(body: &[u8]) -> Result<String, &'static str> {
    let mut tokens = form_urlencoded::parse(body)
        .filter(|(name, _)| name == "logout_token")
        .map(|(_, value)| value.into_owned());
    match (tokens.next(), tokens.next()) {
        (Some(token), None) if !token.is_empty() => Ok(token),
        (Some(_), Some(_)) => Err("the form has several `logout_token`"),
        _ => Err("the form has no `logout_token`"),
    }
}

/// Returns true if the body is a form, with or without parameters of the media type.
fn is_form(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let media_type = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn read(content_types: &[&str], body: impl Into<Body>) -> Result<String, &'static str> {
        let mut request = Request::builder();
        for content_type in content_types {
            request = request.header(CONTENT_TYPE, *content_type);
        }
        logout_token(request.body(body.into()).unwrap()).await
    }

    #[tokio::test]
    async fn only_a_form_with_one_logout_token_is_read() {
        const FORM: &str = "application/x-www-form-urlencoded";
        let no_form = Err("the request is not `application/x-www-form-urlencoded`");
        let none = Err("the form has no `logout_token`");
        let several = Err("the form has several `logout_token`");
        let token = Ok("a.b.c");
        let cases: [(&[&str], &str, Result<&str, &str>); 12] = [
            (&[FORM], "logout_token=a.b.c", token),
            (&["APPLICATION/x-www-form-urlencoded; charset=UTF-8"], "logout_token=a.b.c", token),
            (&[FORM], "x=y&logout_token=a%2Eb.c&logout=z", token),
            (&[FORM], "logout_token=a&logout_token=a", several),
            (&[FORM], "logout_token=", none),
            (&[FORM], "logout_token", none),
            (&[FORM], "Logout_token=a", none),
            (&[FORM], "", none),
            (&[], "logout_token=a", no_form),
            (&["application/json"], "logout_token=a", no_form),
            (&["application/x-www-form-urlencodedx"], "logout_token=a", no_form),
            (&[FORM, FORM], "logout_token=a", no_form),
        ];
        for (content_types, body, expected) in cases {
            let expected = expected.map(str::to_owned);
            assert_eq!(read(content_types, body).await, expected, "{content_types:?} {body}");
        }
        let long = format!("logout_token={}", "a".repeat(BODY_LIMIT));
        let too_long = "the body is incomplete or longer than 64 KiB";
        assert_eq!(read(&[FORM], long).await, Err(too_long));
    }
}
