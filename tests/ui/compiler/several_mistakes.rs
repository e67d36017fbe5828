use axum_protected::{Policy, protected};

#[protected(any(scope = "a", scope = "a"), all(client = "web", client = "app"), rol = "r")]
async fn a_key_that_does_not_exist() {}

#[protected(role = "r", role = "r", any(scope = "a", scope = "a"))]
async fn a_key_twice() {}

#[derive(Policy)]
#[policy(any(scope = "a", scope = "a"), all(client = "web", client = "app"), scope = "b c")]
struct Named;

fn main() {}
