use axum_protected::{Policy, protected};

#[protected(any(scope = "a", scope = "a"), all(client = "web", client = "app"), rol = "r")]
async fn unknown_key() {}

#[protected(role = "r", role = "r", any(scope = "a", scope = "a"))]
async fn duplicate_key() {}

#[derive(Policy)]
#[policy(any(scope = "a", scope = "a"), all(client = "web", client = "app"), scope = "b c")]
struct Named;

fn main() {}
