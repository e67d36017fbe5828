//! In a macro, `#[protected]` cannot see empty parentheses inside `#[$attribute]`. The attribute
//! therefore has the same meaning with and without empty parentheses.

use axum_protected::{Authorized, Policy, protected};
use axum_protected::policy::{Demand, Requirement};

macro_rules! handler {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        async fn $name() {}
    };
}

handler!(#[protected] without);
handler!(#[protected()] with_empty);
handler!(#[protected(scope = "items:read")] with_scope);

/// Returns the requirement of a handler, which the type of its guard contains.
fn requirement<P: Policy, F: Future>(_: fn(Authorized<P>) -> F) -> Requirement {
    P::OPERATION.requirement
}

fn main() {
    let any_token = Requirement::All(&[]);
    assert_eq!(requirement(without), any_token);
    assert_eq!(requirement(with_empty), any_token);
    let scope = Requirement::One(Demand::Scope("items:read"));
    assert_eq!(requirement(with_scope), scope);
}
