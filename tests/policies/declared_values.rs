//! Tests roles that an enum declares and scopes that are constants: each is the same demand as its
//! text.

use axum_protected::policy::{Demand, Requirement};
use axum_protected::routing::get;
use axum_protected::{Policy, ProtectedRouter, Roles, ScopeName, protected};

use crate::api::{Api, AppState};

#[derive(Roles)]
pub(crate) enum Role {
    #[role("admin")]
    Admin,
    #[role("tax auditor")]
    Auditor,
}

pub(crate) const ORDERS_READ: ScopeName = ScopeName::new("orders:read");

struct Names;

impl Names {
    const WRITE: ScopeName = ScopeName::new("!#[]~");
}

mod by_name {
    use super::{Names, ORDERS_READ, Role, protected};

    #[protected(any(role = Role::Admin, scope = ORDERS_READ, scope = Names::WRITE))]
    pub(super) async fn item() {}

    #[protected(all(role = Role::Auditor, scope = ORDERS_READ))]
    pub(super) async fn both() {}
}

mod by_text {
    use super::protected;

    #[protected(any(role = "admin", scope = "orders:read", scope = "!#[]~"))]
    pub(super) async fn item() {}

    #[protected(all(role = "tax auditor", scope = "orders:read"))]
    pub(super) async fn both() {}
}

#[derive(Policy)]
#[policy(all(role = Role::Admin, scope = ORDERS_READ))]
struct ByName;

#[test]
fn a_declared_value_is_the_demand_of_its_text() {
    assert_eq!(
        ByName::OPERATION.requirement,
        Requirement::All(&[
            Requirement::One(Demand::Role("admin")),
            Requirement::One(Demand::Scope("orders:read")),
        ])
    );
    assert_eq!(Role::ALL, ["admin", "tax auditor"]);
    assert_eq!([Role::Admin.name(), Role::Auditor.name()], ["admin", "tax auditor"]);
    assert_eq!(ORDERS_READ.to_string(), ORDERS_READ.as_str());
}

#[test]
fn tables_documents_and_snapshots_show_the_text() {
    let router = ProtectedRouter::<AppState>::new;
    let named = router().route("/a", get(by_name::item)).route("/b", get(by_name::both));
    let written = router().route("/a", get(by_text::item)).route("/b", get(by_text::both));
    let (named, written) = (named.access_table(), written.access_table());
    assert_eq!(named.to_snapshot(), written.to_snapshot());
    assert!(named.compare(&written.to_snapshot()).is_ok());
    let page = named.to_string();
    assert!(page.contains("role admin or orders:read or !#[]~"), "{page}");
    assert!(page.contains("role \"tax auditor\" and orders:read"), "{page}");
}

#[tokio::test]
async fn a_token_needs_the_text() {
    let router =
        ProtectedRouter::new().route("/a", get(by_name::item)).route("/b", get(by_name::both));
    let api = Api::of(router).await;
    let status = async |path: &str, role: &str, scope: &str| {
        let token = api.issuer.token().claim("roles", [role].as_slice()).scope(scope).sign();
        api.status("GET", path, &token).await.0
    };
    assert_eq!(status("/a", "admin", "").await, 200);
    assert_eq!(status("/a", "Admin", "").await, 403);
    assert_eq!(status("/a", "", "orders:read").await, 200);
    assert_eq!(status("/a", "", "!#[]~").await, 200);
    // A constant ignores the implications of an enum, as a string does.
    assert_eq!(status("/a", "", "orders:write").await, 403);
    assert_eq!(status("/b", "tax auditor", "orders:read").await, 200);
    assert_eq!(status("/b", "tax auditor", "").await, 403);
    assert_eq!(status("/b", "auditor", "orders:read").await, 403);
}

#[test]
fn a_constant_outside_of_an_attribute_is_checked_too() {
    for text in ["", " ", "a b", "a\"b", "a\\b", "a\tb", "größe", "\u{7f}"] {
        assert!(std::panic::catch_unwind(|| ScopeName::new(text)).is_err(), "{text:?}");
    }
    assert_eq!(ScopeName::new("a").as_str(), "a");
}
