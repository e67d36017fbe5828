use axum::extract::State;
use axum_protected::routing::get;
use axum_protected::{AccessToken, ProtectedRouter, ResourceServer, check, protected};

enum Permission {
    ItemsRead,
}

#[check]
async fn can(#[constant] permission: Permission, _: State<ResourceServer>) -> bool {
    matches!(permission, Permission::ItemsRead)
}

#[check]
async fn lacks_the_mark(_permission: Permission, _: State<ResourceServer>) -> bool {
    true
}

#[check]
async fn owns_item(caller: AccessToken) -> bool {
    caller.subject().is_some()
}

fn permission() -> Permission {
    Permission::ItemsRead
}

#[protected(check = can)]
async fn no_value() {}

#[protected(check = can(Permission::ItemsRead, Permission::ItemsRead))]
async fn two_values() {}

#[protected(check = lacks_the_mark(Permission::ItemsRead))]
async fn not_marked() {}

#[protected(any(check = owns_item(Permission::ItemsRead), scope = "items:read"))]
async fn extractors_only() {}

#[protected(check = can("items:read"))]
async fn another_type() {}

#[protected(check = can(permission()))]
async fn not_constant() {}

#[protected(check = can(Permission::ItemsRaed))]
async fn misspelt() {}

#[protected(all(check = can(Permission::ItemsRead), check = can( Permission :: ItemsRead )))]
async fn stated_twice() {}

fn main() {
    let _ = ProtectedRouter::<ResourceServer>::new().route("/items", get(two_values));
}
