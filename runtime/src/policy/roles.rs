//! The roles of an API, which an enum declares in one place.

/// A trait for an enum whose variants are the roles of an API. `#[derive(Roles)]` implements this
/// trait.
///
/// ```
/// use axum_protected::{Roles, protected};
///
/// #[derive(Roles)]
/// enum Role {
///     #[role("admin")]
///     Admin,
///     #[role("auditor")]
///     Auditor,
/// }
///
/// #[protected(any(role = Role::Admin, role = Role::Auditor))]
/// async fn report() {}
///
/// assert_eq!(Role::ALL, ["admin", "auditor"]);
/// assert_eq!(Role::Admin.name(), "admin");
/// ```
///
/// `role = Role::Admin` is the same requirement as `role = "admin"`. Documents, access tables and
/// snapshots show the text of the role. A role implies no other role.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare roles",
    label = "not a declared role",
    note = "write `#[derive(Roles)]` above the enum and `#[role(\"admin\")]` above each of its variants, or name the role itself as in `role = \"admin\"`"
)]
pub trait Roles {
    /// The texts of all roles, in the order of the enum.
    const ALL: &'static [&'static str];

    /// Returns the text of this role in a token.
    fn name(&self) -> &'static str;
}
