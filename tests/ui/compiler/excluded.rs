use axum_protected::{Policy, check, protected};

#[check]
async fn always() -> bool {
    true
}

#[derive(Policy)]
#[policy(client = "web", issuer = "acme", check = always)]
struct FromTheWeb;

#[derive(Policy)]
#[policy(policy = FromTheWeb, role = "editor")]
struct EditsOnTheWeb;

#[derive(Policy)]
#[policy(any(client = "app", acr = "gold"))]
struct FromTheAppOrStrong;

#[derive(Policy)]
#[policy(client = "app", policy = EditsOnTheWeb)]
struct FromBoth;

#[protected(client = "app", policy = FromTheWeb)]
async fn by_a_policy() {}

#[protected(policy = EditsOnTheWeb, any(client = "app", client = "tool"))]
async fn each_case() {}

#[protected(policy = EditsOnTheWeb, any(all(client = "app", scope = "a"), scope = "b"))]
async fn one_case() {}

#[protected(client = "app", any(role = "r", policy = FromTheWeb))]
async fn a_policy_as_a_case() {}

#[protected(acr = "silver", issuer = "https://id.example.com", policy = FromTheWeb, role = "r")]
async fn an_identifier_may_be_of_the_same_issuer() {}

#[protected(client = "web", all(scope = "a", policy = FromTheAppOrStrong))]
async fn one_case_within_the_policy_is_left() {}

fn main() {}
