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
async fn less(_: Authorized<Admin>) {}

#[protected]
async fn any_token(_: String, _: Authorized<self::Admin>) {}

#[protected(any(policy = CanWriteItems, policy = Admin))]
async fn one_of_two(_: axum_protected::Authorized<CanWriteItems>, _: Authorized<Admin>) {}

#[protected(scope = "items:write", check = always)]
async fn its_check_is_its_own(_: Authorized<CanWriteItems>) {}

#[protected(policy = CanChangeItems)]
async fn another_of_the_same(_: Authorized<CanWriteItems>) {}

fn main() {}
