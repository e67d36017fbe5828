//! The behaviour of the introspection endpoint, which a test can change.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::Value;

/// The behaviour of the introspection endpoint of an
/// [`AuthorizationServer`](crate::AuthorizationServer), for tests of resource servers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum IntrospectionEndpoint {
    /// Answers each request. This is the behaviour after the start.
    #[default]
    Available,
    /// Answers each request after this time.
    Slow(Duration),
    /// Never answers.
    Silent,
    /// Answers each request with this status, without a body.
    Status(StatusCode),
    /// Answers each request of a protected resource with this JSON, also for unknown tokens. The
    /// answer is signed, if the resource asks for a JWT and has an algorithm for it.
    Answer(Value),
    /// Answers each request with 200 and this body.
    Body {
        /// The value of `Content-Type`. A value that a header cannot have is left out.
        content_type: String,
        /// The body.
        body: String,
    },
}
