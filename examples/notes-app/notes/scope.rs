//! The scopes of the notes.

use axum_protected::Scopes;

/// The declared scopes. The application requests all of them when a user signs in.
#[derive(Scopes)]
pub(crate) enum Scope {
    /// See notes
    #[scope("notes:read")]
    Read,
    /// Add notes
    #[scope("notes:write")]
    Write,
}
