//! Short constructors for requirements with one demand, for tests.

use super::Demand::{Acr, Claim, Client, Declared, Details, Issuer, MaxAge, Proof, Role, Scope};
use super::Requirement::One;
pub(crate) use super::requirement::{check, policy};
use super::{ClaimValue, DetailsDemand, Requirement, ScopeEntry};

macro_rules! shorthand {
    ($($name:ident($($argument:ident: $kind:ty),*) = $demand:expr;)*) => {$(
        pub(crate) const fn $name($($argument: $kind),*) -> Requirement {
            One($demand)
        }
    )*};
}

shorthand! {
    scope(name: &'static str) = Scope(name);
    declared(entry: ScopeEntry) = Declared(entry);
    role(name: &'static str) = Role(name);
    claim(path: &'static [&'static str], value: ClaimValue) = Claim(path, value);
    client(name: &'static str) = Client(name);
    issuer(name: &'static str) = Issuer(name);
    acr(value: &'static str) = Acr(value);
    max_age(seconds: u64) = MaxAge(seconds);
    proof(kind: crate::Proof) = Proof(kind);
    details(demand: DetailsDemand) = Details(demand);
}
