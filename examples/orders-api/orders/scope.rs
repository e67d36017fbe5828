//! The vocabulary: what a token can allow here.

use axum_protected::Scopes;

/// A scope that is misspelt elsewhere does not compile.
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
