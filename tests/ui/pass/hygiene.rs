//! Names of the user do not shadow names in the expansion, and strict lints report nothing.

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

/// The library under another path.
pub mod facade {
    pub use ::axum_protected as auth;
}

/// Lists items.
#[::axum_protected::protected(scope = "a", any(scope = "b", scope = "c"))]
pub async fn list() {}

/// Reports health.
#[::axum_protected::public(reason = "liveness probe")]
pub async fn health() {}

#[::axum_protected::protected(crate = crate::facade::auth, all(scope = "a"))]
pub(crate) async fn elsewhere() {}

#[::axum_protected::public(reason = "liveness probe", crate = crate::facade::auth)]
pub(in crate) async fn open_elsewhere() {}

/// Scopes
#[derive(::core::fmt::Debug, ::axum_protected::Scopes)]
pub enum Scope {
    /// One
    #[scope("one", implies = [Two])]
    One,
    /// Two
    #[scope("two")]
    Two,
}

/// Checks the subject.
#[::axum_protected::check]
pub async fn has_subject(token: ::axum_protected::AccessToken) -> bool {
    token.subject().is_some()
}

#[::axum_protected::check(crate = crate::facade::auth)]
async fn has_subject_elsewhere(__parts: ::axum_protected::AccessToken) -> bool {
    __parts.subject().is_some()
}

/// A policy with one check.
#[derive(::core::fmt::Debug, ::axum_protected::Policy)]
#[policy(scope = Scope::One, check = has_subject, crate = crate::facade::auth)]
pub struct HasSubject;

/// Uses every feature of the attribute.
#[::axum_protected::protected(
    policy = HasSubject,
    any(check = has_subject_elsewhere, check = async |_: ::axum_protected::AccessToken| true),
    claim("a" = "b"),
)]
pub async fn everything() {}

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
