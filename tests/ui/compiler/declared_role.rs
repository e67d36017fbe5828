use axum_protected::{Roles, Scopes, protected};

#[derive(Roles)]
enum Role {
    #[role("admin")]
    Admin,
}

#[derive(Scopes)]
enum Scope {
    #[scope("items:read")]
    ItemsRead,
}

enum WithoutDerive {
    Admin,
}

#[protected(role = WithoutDerive::Admin)]
async fn without_derive() {}

#[protected(role = Role::Adnim)]
async fn misspelt() {}

#[protected(role = Scope::ItemsRead)]
async fn a_scope() {}

const ADMIN: &str = "admin";

#[protected(role = ADMIN)]
async fn a_string() {}

#[protected(all(role = Role::Admin, role = "admin"))]
async fn stated_twice() {}

fn main() {}
