//! Reads the logout token of a request.

use axum::body::to_bytes;
use axum::extract::Request;
use axum_protected::__browser::{LOGOUT_BODY_LIMIT, is_logout_form, logout_token};

/// Returns the logout token of a form.
pub(super) async fn token_of(request: Request) -> Result<String, &'static str> {
    let (parts, body) = request.into_parts();
    if !is_logout_form(&parts.headers) {
        return Err("the request is not `application/x-www-form-urlencoded`");
    }
    let body = to_bytes(body, LOGOUT_BODY_LIMIT).await;
    logout_token(&body.map_err(|_| "the body is incomplete or longer than 64 KiB")?)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::CONTENT_TYPE;

    use super::*;

    async fn read(content_type: &str, body: impl Into<Body>) -> Result<String, &'static str> {
        let request = Request::builder().header(CONTENT_TYPE, content_type);
        token_of(request.body(body.into()).unwrap()).await
    }

    #[tokio::test]
    async fn only_a_form_with_one_logout_token_is_read() {
        const FORM: &str = "application/x-www-form-urlencoded";
        assert_eq!(read(FORM, "logout_token=a.b.c").await.as_deref(), Ok("a.b.c"));
        assert_eq!(read(FORM, "").await, Err("the form has no `logout_token`"));
        let no_form = Err("the request is not `application/x-www-form-urlencoded`");
        assert_eq!(read("application/json", "logout_token=a.b.c").await, no_form);
        let long = format!("logout_token={}", "a".repeat(LOGOUT_BODY_LIMIT));
        let too_long = "the body is incomplete or longer than 64 KiB";
        assert_eq!(read(FORM, long).await, Err(too_long));
    }
}
