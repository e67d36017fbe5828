//! Requests to try, each with the answer that it gets.

use std::fmt::{Display, Write};

use axum_protected_testing::AuthorizationServer;

/// A `curl` line below each answer, ready to paste into a shell.
pub fn requests<R: Display>(
    issuer: &AuthorizationServer,
    lines: impl IntoIterator<Item = (&'static str, R)>,
) -> String {
    let mut text =
        format!("tokens of the development issuer {}, good for an hour:\n", issuer.issuer());
    for (answer, request) in lines {
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "\n# {answer}\ncurl -i {request}");
    }
    text
}

/// The option of `curl` that presents a token.
#[must_use]
pub fn bearer(token: &str) -> String {
    format!("-H 'Authorization: Bearer {token}'")
}
