//! The route `/security-events`, to which transmitters push events (RFC 8935).

use std::time::Duration;

use axum::body::to_bytes;
use axum_core::extract::Request;
use axum_core::response::Response;
use http::header::{AUTHORIZATION, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use tokio::time::timeout;

use super::response::response;
use crate::security_event::{EventError, EventErrorCode};
use crate::server::{ResourceServer, UNKNOWN_SENDER};

/// The longest body in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The longest time until the answer. The work goes on after the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Revokes the tokens that the security event token in the body concerns.
pub(super) async fn receive(server: ResourceServer, request: Request) -> Response {
    let received = match timeout(PATIENCE, receive_event(&server, request)).await {
        Ok(received) => received,
        // The server records the event when it has been judged.
        Err(_) => Err(EventError::unavailable("the event takes too long")),
    };
    match received {
        // An empty body (section 2.2).
        Ok(()) => response(StatusCode::ACCEPTED, None),
        Err(error) => refuse(&error),
    }
}

async fn receive_event(server: &ResourceServer, request: Request) -> Result<(), EventError> {
    let invalid =
        |text: &str| unread(server, EventError::refused(EventErrorCode::InvalidRequest, text));
    let (head, body) = request.into_parts();
    if !is_security_event(&head.headers) {
        return Err(invalid("the request is not `application/secevent+jwt`"));
    }
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| invalid("the body is incomplete or longer than 64 KiB"))?;
    let text = String::from_utf8(body.into());
    let text = text.map_err(|_| invalid("the body is not a security event token"))?;
    let authorization: Vec<Vec<u8>> =
        head.headers.get_all(AUTHORIZATION).iter().map(|line| line.as_bytes().to_vec()).collect();
    // A task of its own, because the transmitter may stop waiting.
    let receiver = server.clone();
    let task =
        tokio::spawn(async move { receiver.receive_pushed_event(&text, &authorization).await });
    let interrupted = |_| Err(unread(server, EventError::unavailable("the event was interrupted")));
    task.await.unwrap_or_else(interrupted).map(|_| ())
}

/// Records the error of a request whose event was not read or judged, and returns it. The server records
/// the others.
fn unread(server: &ResourceServer, error: EventError) -> EventError {
    server.record_refused_event(UNKNOWN_SENDER, &error);
    error
}

/// Returns true if the body is a security event token, with or without parameters of the media type.
fn is_security_event(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let media_type = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(b"application/secevent+jwt")
}

fn refuse(error: &EventError) -> Response {
    match error {
        EventError::Refused { code, description } => {
            let body = json!({ "err": code.name(), "description": description });
            let mut refusal = response(StatusCode::BAD_REQUEST, Some(&body));
            let english = HeaderValue::from_static("en");
            refusal.headers_mut().insert(CONTENT_LANGUAGE, english);
            refusal
        }
        // The transmitter sends the event again (section 2.4 has no code for this).
        EventError::Unavailable { retry_after, .. } => {
            let mut refusal = response(StatusCode::SERVICE_UNAVAILABLE, None);
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            refusal.headers_mut().insert(RETRY_AFTER, seconds);
            refusal
        }
    }
}
