//! The scopes of an API, which an enum declares in one place.

/// A trait for an enum whose variants are the scopes of an API. `#[derive(Scopes)]` implements this
/// trait.
///
/// ```
/// use axum_protected::{Scopes, protected};
///
/// #[derive(Scopes)]
/// enum Scope {
///     /// See items
///     #[scope("items:read")]
///     ItemsRead,
///     /// Create and change items
///     #[scope("items:write", implies = [ItemsRead])]
///     ItemsWrite,
/// }
///
/// #[protected(scope = Scope::ItemsRead)]
/// async fn list() {}
///
/// let read = Scope::ItemsRead.entry();
/// assert_eq!((read.name, read.description), ("items:read", "See items"));
/// assert_eq!(read.implied_by, ["items:write"]);
/// ```
///
/// A token with the scope `items:write` satisfies `scope = Scope::ItemsRead`, because `ItemsWrite`
/// implies `ItemsRead`. The same token does not satisfy `scope = "items:read"`: a requirement with
/// a string accepts only that scope and ignores the enum. So does a requirement with a constant of
/// the type [`ScopeName`](super::ScopeName).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare scopes",
    label = "not an enum of scopes",
    note = "write `#[derive(Scopes)]` above the enum and `#[scope(\"items:read\")]` above each of its variants"
)]
pub trait Scopes {
    /// All scopes, in the order of the enum.
    const ALL: &'static [ScopeEntry];

    /// Returns the declaration of this scope.
    fn entry(&self) -> ScopeEntry;
}

/// The declaration of one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeEntry {
    /// The text of the scope in a token, the `scope-token` of RFC 6749 section 3.3.
    pub name: &'static str,
    /// The description of the scope for people.
    pub description: &'static str,
    /// The broader scopes that imply this scope, directly or through other scopes.
    pub implied_by: &'static [&'static str],
}

impl ScopeEntry {
    /// Creates the declaration of a scope.
    #[must_use]
    pub const fn new(
        name: &'static str,
        description: &'static str,
        implied_by: &'static [&'static str],
    ) -> Self {
        Self { name, description, implied_by }
    }
}
