use axum_protected::{Authorized, Policy, check, protected};

#[check]
async fn always() -> bool {
    true
}

#[derive(Policy)]
#[policy(scope = "items:admin")]
struct Admin;

#[derive(Policy)]
#[policy(scope = "items:write", check = always)]
struct CanWriteItems;

#[derive(Policy)]
#[policy(scope = "items:write", check = always)]
struct CanChangeItems;

#[protected(scope = "items:read")]
async fn another_scope(_: Authorized<Admin>) {}

#[protected]
async fn any_token(_: String, _: Authorized<self::Admin>) {}

#[protected(any(policy = CanWriteItems, policy = Admin))]
async fn one_of_two(_: axum_protected::Authorized<CanWriteItems>, _: Authorized<Admin>) {}

#[protected(scope = "items:write", check = always)]
async fn the_same_demands_without_the_policy(_: Authorized<CanWriteItems>) {}

#[protected(policy = CanChangeItems)]
async fn another_policy_with_the_same_demands(_: Authorized<CanWriteItems>) {}

fn main() {}
