//! Proofs of what is demanded, and the token of who brings one.

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
async fn in_every_case(_: Authorized<CanWrite>) {}

#[protected(scope = Scope::Write)]
async fn by_what_it_demands(_: Authorized<CanRead>, #[cfg(any())] _: Authorized<CanWriteNow>) {}

/// Not declared, so that nothing is said of it.
async fn bare(_: Authorized<CanWrite>, _: AccessToken) {}

#[derive(serde::Deserialize)]
struct Caller {}

#[public(reason = "a page for people, who may have signed in")]
async fn perhaps_known(_: Option<AccessToken>, caller: Option<Claims<Caller>>) {
    if let Some(Claims(Caller {})) = caller {}
}

#[public(reason = "a page for people")]
async fn unknown() {}

fn main() {
    let _ = (Scope::Read, Scope::Write);
    let _: Router<ResourceServer> = Router::new()
        .route("/1", get(by_name))
        .route("/2", get(within_a_policy))
        .route("/3", get(in_every_case))
        .route("/4", get(by_what_it_demands))
        .route("/5", get(bare))
        .route("/6", get(perhaps_known))
        .route("/7", get(unknown));
    const KNOWN: PublicOperation = <__public_perhaps_known as PublicAccess>::OPERATION;
    assert!(KNOWN.reads_token && KNOWN.location.line() == 55);
    assert!(!<__public_unknown as PublicAccess>::OPERATION.reads_token);
}
