//! The scopes of this API.

use axum_protected::Scopes;

/// The declared scopes. An attribute with a misspelt variant does not compile.
#[derive(Scopes)]
pub(super) enum Scope {
    /// See orders
    #[scope("orders:read")]
    Read,
    /// Place and change orders
    #[scope("orders:write", implies = [Read])]
    Write,
    /// See and change everybody's orders
    #[scope("orders:admin", implies = [Write])]
    Admin,
}
