use axum_protected::{AccessToken, Authorized, Claims, Policy, protected, public};

#[derive(Policy)]
#[policy(scope = "items:admin")]
struct Admin;

#[derive(serde::Deserialize)]
struct Caller {}

#[public(reason = "a page for people")]
async fn proof(_: Authorized<Admin>) {}

#[public(reason = "a page for people")]
async fn token(_: AccessToken) {}

#[public(reason = "a page for people")]
async fn claims(_: String, Claims(_): axum_protected::Claims<Caller>) {}

#[protected]
async fn generic_policy<P: Policy>(_: Authorized<P>) {}

fn main() {}
