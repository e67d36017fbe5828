//! Formats `curl` requests, each with its expected response.

use std::fmt::{Display, Write};

use axum_protected_testing::AuthorizationServer;

/// Writes each expected response and below it a `curl` command that can be pasted into a shell.
pub fn requests<R: Display>(
    issuer: &AuthorizationServer,
    lines: impl IntoIterator<Item = (&'static str, R)>,
) -> String {
    let mut text =
        format!("tokens of the development issuer {}, valid for an hour:\n", issuer.issuer());
    for (answer, request) in lines {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "\n# {answer}\ncurl -i {request}");
    }
    text
}

/// Returns the `curl` option that sends a token.
#[must_use]
pub fn bearer(token: &str) -> String {
    format!("-H 'Authorization: Bearer {token}'")
}
