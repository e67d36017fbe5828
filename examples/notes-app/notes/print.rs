//! The notes as a page of the server, for printing.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum_protected::{Claims, protected};

use super::document::{Escaped, HEADERS, html};
use super::{AppState, Caller, Scope};

/// Shows the notes of the caller. The word `page` lets links of other sites lead to this route. It
/// changes nothing.
#[protected(scope = Scope::Read, page)]
pub(super) async fn print(State(state): State<AppState>, caller: Claims<Caller>) -> Response {
    let notes = state.notes.of(&caller.sub);
    let items = notes.iter().map(|note| format!("<li>{}</li>\n", Escaped(&note.text)));
    let body = format!(
        "<p>of {}</p>\n<ul>\n{}</ul>\n<p><a href=\"/\">Back</a></p>",
        Escaped(&caller.sub),
        items.collect::<String>()
    );
    (HEADERS, Html(html("Notes", &body))).into_response()
}

/// Replaces the problem document of a refusal by a page for people. The status and the challenge
/// remain.
pub(super) async fn refusal(response: Response) -> Response {
    let text = match response.status() {
        StatusCode::UNAUTHORIZED => {
            "You are not signed in, or your session has ended. \
             <a href=\"/login?return_to=%2Fprint\">Sign in</a>"
        }
        StatusCode::FORBIDDEN => "You may not see this page. <a href=\"/\">To the notes</a>",
        StatusCode::SERVICE_UNAVAILABLE => {
            "The page is not available. <a href=\"/print\">Try again</a>"
        }
        _ => return response,
    };
    // The parts contain the extension with which the tests recognize a refusal.
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let body = Body::from(html("Notes", &format!("<p>{text}</p>")));
    (HEADERS, Response::from_parts(parts, body)).into_response()
}
