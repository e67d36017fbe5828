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
async fn declares_nothing() {}

fn main() {}
