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
async fn all_of_two() {}

#[protected(any(scope = Scope::Read, scope = Scope::Admin))]
async fn one_of_two() {}

#[protected(all(scope = Scope::Admin, scope = Scope::Write, scope = Scope::Read))]
async fn each_is_reported_once() {}

#[protected(all(scope = Scope::Admin, scope = "items:admin"))]
async fn the_same_scope_as_text() {}

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
async fn nested_groups() {}

#[derive(Policy)]
#[policy(scope = "a", any(scope = "a", role = "r"))]
struct AlternativeInAPolicy;

#[protected(all(scope = "a", scope = "a", scope = "a"))]
async fn three_times_the_same() {}

#[protected(any(scope = "a", scope = "a"))]
async fn the_same_alternative() {}

#[protected(all(scope = Scope::Read, any(scope = Scope::Read)))]
async fn the_same_in_a_group_of_one() {}

#[protected(any(scope = "a", all(scope = "a", role = "r")))]
async fn special_case() {}

#[protected(scope = "a", any(scope = "a", role = "r"))]
async fn alternative_to_a_requirement() {}

#[protected(all(scope = "a", all(scope = "a", role = "r")))]
async fn the_same_in_a_group() {}

#[protected(any(all(scope = "a", role = "r"), all(role = "r", scope = "a")))]
async fn in_another_order() {}

#[protected(all(max_age = "5m", max_age = "1h"))]
async fn longer_age() {}

#[protected(all(max_age = "5m", max_age = "300s"))]
async fn the_same_age_in_another_unit() {}

#[protected(any(max_age = "5m", max_age = "1h"))]
async fn shorter_age() {}

#[protected(all(claim("a.b" = 1), claim(["a", "b"] = 1)))]
async fn the_same_claim_as_a_list() {}

#[protected(check = always, any(role = "x", check = always))]
async fn the_same_check() {}

#[protected(any(policy = CanWriteItems, policy = CanWriteItems))]
async fn the_same_policy() {}

fn main() {}
