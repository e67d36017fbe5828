use axum_protected::{Policy, protected, public};

#[protected(page = true)]
async fn value() {}

#[protected(scope = "a", page())]
async fn list() {}

#[protected(page, page)]
async fn twice() {}

#[protected(any(scope = "a", page))]
async fn in_any() {}

#[protected(all(scope = "a", page))]
async fn in_all() {}

#[protected(scpoe = "a", page = 1, any(page))]
async fn several_mistakes() {}

#[public(page)]
async fn no_reason() {}

#[public(reason = "landing page", page, page)]
async fn public_twice() {}

#[derive(Policy)]
#[policy(page)]
struct NoRequirement;

#[derive(Policy)]
#[policy(scope = "a", page = false)]
struct WithValue;

fn main() {}
