//! No name of the user's is in the way, and strict lints stay silent.

#![no_implicit_prelude]
#![deny(warnings)]
#![deny(
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    unused_qualifications
)]
#![allow(dead_code, non_camel_case_types)]

struct Some;
struct Option;
struct Send;
struct Policy;
struct Operation;
struct Requirement;
struct Authorized;
struct Public;
struct str;
mod core {}
mod std {}
mod axum_protected {}

/// Under another path.
pub mod facade {
    pub use ::axum_protected as auth;
}

/// Open to those who may read.
#[::axum_protected::protected(scope = "a", any(scope = "b", scope = "c"))]
pub async fn list() {}

/// Open to all.
#[::axum_protected::public(reason = "liveness probe")]
pub async fn health() {}

#[::axum_protected::protected(crate = crate::facade::auth, all(scope = "a"))]
pub(crate) async fn elsewhere() {}

#[::axum_protected::public(reason = "liveness probe", crate = crate::facade::auth)]
pub(in crate) async fn open_elsewhere() {}

#[derive(::axum_protected::HasResourceServer)]
struct Named {
    server: ::axum_protected::ResourceServer,
}

#[derive(::axum_protected::HasResourceServer)]
struct Tuple(u8, ::axum_protected::ResourceServer);

#[derive(::axum_protected::HasResourceServer)]
#[has_resource_server(crate = crate::facade::auth)]
struct Generic<'a, T: ::core::clone::Clone = (), const N: usize = 1>
where
    T: ::core::marker::Copy,
{
    other: ::axum_protected::ResourceServer,
    items: &'a [T; N],
    #[resource_server]
    shared: ::std::sync::Arc<Named>,
}

#[derive(::axum_protected::HasResourceServer)]
struct Nested<S: ::axum_protected::HasResourceServer>(#[resource_server] S);

fn main() {}
