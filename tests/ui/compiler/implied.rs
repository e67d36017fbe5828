use axum_protected::{Policy, Scopes, check, protected};

#[derive(Scopes)]
enum Scope {
    #[scope("items:read")]
    Read,
    #[scope("items:write", implies = [Read])]
    Write,
    #[scope("items:admin", implies = [Write])]
    Admin,
}

#[check]
async fn always() -> bool {
    true
}

#[derive(Policy)]
#[policy(scope = Scope::Write, role = "editor", check = always)]
struct CanWriteItems;

#[derive(Policy)]
#[policy(policy = CanWriteItems, max_age = "5m")]
struct CanWriteItemsNow;

#[derive(Policy)]
#[policy(max_age = "1h", policy = CanWriteItemsNow)]
struct Twice;

#[protected(all(scope = Scope::Read, scope = Scope::Write))]
async fn demanded() {}

#[protected(any(scope = Scope::Read, scope = Scope::Admin))]
async fn suffices() {}

#[protected(all(scope = Scope::Admin, scope = Scope::Write, scope = Scope::Read))]
async fn each_is_told_once() {}

#[protected(all(scope = Scope::Admin, scope = "items:admin"))]
async fn of_the_same_the_second() {}

#[protected(scope = Scope::Write, policy = CanWriteItems)]
async fn by_a_policy() {}

#[protected(
    policy = CanWriteItemsNow,
    any(
        role = "editor",
        all(scope = Scope::Admin, role = "auditor"),
    ),
)]
async fn by_a_policy_of_a_policy() {}

#[protected(any(role = "auditor", all(scope = Scope::Read, any(scope = Scope::Write, role = "x"), policy = CanWriteItems)))]
async fn deep_within() {}

fn main() {}
