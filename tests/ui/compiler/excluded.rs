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
async fn client_and_policy() {}

#[protected(policy = EditsOnTheWeb, any(client = "app", client = "tool"))]
async fn every_case() {}

#[protected(policy = EditsOnTheWeb, any(all(client = "app", scope = "a"), scope = "b"))]
async fn one_case() {}

#[protected(client = "app", any(role = "r", policy = FromTheWeb))]
async fn a_policy_as_a_case() {}

#[protected(acr = "silver", issuer = "https://id.example.com", policy = FromTheWeb, role = "r")]
async fn an_issuer_has_one_name() {}

#[protected(client = "web", all(scope = "a", policy = FromTheAppOrStrong))]
async fn one_case_within_the_policy() {}

#[protected(all(client = "web", client = "app"))]
async fn two_clients() {}

#[protected(issuer = "acme", all(role = "r", all(issuer = "other.example.com")))]
async fn two_issuers() {}

#[protected(any(role = "r", all(acr = "silver", acr = "gold")))]
async fn two_acr_values() {}

#[protected(client = "web", any(client = "app"))]
async fn a_group_of_one() {}

#[protected(client = "web", any(client = "app", client = "tool"))]
async fn every_case_is_another_client() {}

#[protected(client = "a", all(any(client = "b", all(client = "c", role = "r")), role = "s"))]
async fn nested_cases() {}

#[protected(client = "web", any(all(client = "app", scope = "a"), scope = "b"))]
async fn one_case_is_another_client() {}

#[protected(client = "a", any(all(any(client = "b", role = "r"), scope = "x"), scope = "y"))]
async fn a_case_of_a_case() {}

#[protected(all(any(acr = "a", acr = "b"), any(acr = "a", acr = "c")))]
async fn one_case_of_each() {}

#[protected(all(any(acr = "a", acr = "b"), any(acr = "c", acr = "d")))]
async fn every_case_of_each() {}

#[protected(any(all(acr = "a", acr = "b"), all(acr = "c", acr = "d")), acr = "a")]
async fn within_a_case_and_next_to_it() {}

#[protected(all(client = "a", client = "b", client = "b"))]
async fn excluded_and_redundant() {}

fn main() {}
