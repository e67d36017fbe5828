use axum_protected::{ScopeName, Scopes, protected};

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
async fn a_string() {}

const SEVERAL: ScopeName = ScopeName::new("items:read items:write");

const UMLAUT: ScopeName = ScopeName::new("größe");

const EMPTY: ScopeName = ScopeName::new("");

const ITEMS_READ: ScopeName = ScopeName::new("items:read");

#[protected(all(scope = "items:read", scope = ITEMS_READ))]
async fn stated_twice() {}

#[protected(any(scope = ITEMS_READ, scope = Scope::ItemsRead))]
async fn one_suffices() {}

fn main() {}
