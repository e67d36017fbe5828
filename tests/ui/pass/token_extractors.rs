//! Handlers that take the proof of a required policy, or the token of a caller who sends one.

#![deny(warnings)]

use axum::Router;
use axum::routing::get;
use axum_protected::{AccessToken, Authorized, Claims, Policy, ResourceServer, Scopes, check, protected, public};
use axum_protected::policy::{PublicAccess, PublicOperation};

#[derive(Clone, Copy, Scopes)]
enum Scope {
    #[scope("items:read")]
    Read,
    #[scope("items:write", implies = [Read])]
    Write,
}

#[check]
async fn always() -> bool {
    true
}

#[derive(Policy)]
#[policy(scope = Scope::Read)]
struct CanRead;

#[derive(Policy)]
#[policy(scope = Scope::Write, check = always)]
struct CanWrite;

#[derive(Policy)]
#[policy(policy = CanWrite, max_age = "5m")]
struct CanWriteNow;

#[protected(role = "editor", policy = CanWrite)]
async fn by_name(_: Authorized<CanWrite>, _: Authorized<CanRead>) {}

#[protected(policy = CanWriteNow)]
async fn within_a_policy(_: Authorized<CanWrite>) {}

#[protected(any(policy = CanWriteNow, all(policy = CanWrite, role = "editor")))]
async fn in_each_alternative(_: Authorized<CanWrite>) {}

#[protected(scope = Scope::Write)]
async fn by_its_scope(_: Authorized<CanRead>, #[cfg(any())] _: Authorized<CanWriteNow>) {}

/// The macros do not check the arguments of a handler without an attribute.
async fn without_attribute(_: Authorized<CanWrite>, _: AccessToken) {}

#[derive(serde::Deserialize)]
struct Caller {}

#[public(reason = "a page for people, who may have signed in")]
async fn optional_token(_: Option<AccessToken>, caller: Option<Claims<Caller>>) {
    if let Some(Claims(Caller {})) = caller {}
}

#[public(reason = "a page for people")]
async fn no_token() {}

fn main() {
    let _ = (Scope::Read, Scope::Write);
    let _: Router<ResourceServer> = Router::new()
        .route("/1", get(by_name))
        .route("/2", get(within_a_policy))
        .route("/3", get(in_each_alternative))
        .route("/4", get(by_its_scope))
        .route("/5", get(without_attribute))
        .route("/6", get(optional_token))
        .route("/7", get(no_token));
    const OPTIONAL: PublicOperation = <__public_optional_token as PublicAccess>::OPERATION;
    assert!(OPTIONAL.reads_token && OPTIONAL.location.line() == 53);
    assert!(!<__public_no_token as PublicAccess>::OPERATION.reads_token);
}
