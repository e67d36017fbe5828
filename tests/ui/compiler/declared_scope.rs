use axum_protected::{Scopes, protected};

#[derive(Scopes)]
enum Scope {
    #[scope("items:read")]
    ItemsRead,
}

enum Other {
    A,
}

#[protected(scope = Scope::ItemsRaed)]
async fn misspelt() {}

#[protected(scope = Other::A)]
async fn not_scopes() {}

const NAME: &str = "items:read";

#[protected(any(scope = Scope::ItemsRead, scope = NAME))]
async fn a_constant() {}

fn main() {}
