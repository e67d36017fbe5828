//! A macro's `#[$attribute]` hides from `#[protected]` that parentheses were written, so that empty
//! ones are the same as none.

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

/// What a handler demands, known by its guard.
fn demanded<P: Policy, F: Future>(_: fn(Authorized<P>) -> F) -> Requirement {
    P::OPERATION.requirement
}

fn main() {
    let any_token = Requirement::All(&[]);
    assert_eq!(demanded(without), any_token);
    assert_eq!(demanded(with_empty), any_token);
    let scope = Requirement::One(Demand::Scope("items:read"));
    assert_eq!(demanded(with_scope), scope);
}
