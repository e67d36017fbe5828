use axum_protected::{Policy, protected};

#[derive(Policy)]
#[policy(details(type = "payment", actions = all("initiate", "status")), proof = dpop)]
struct CanPay;

#[protected(all(details(type = "payment"), details(type = "payment", actions = "initiate")))]
async fn fewer_members() {}

#[protected(any(details(type = "payment"), details(type = "payment", identifier = "1")))]
async fn more_members() {}

#[protected(all(
    details(type = "payment", actions = all("a", "b")),
    details(actions = all("b", "a"), type = "payment"),
))]
async fn another_order() {}

#[protected(details(type = "payment", actions = "status"), policy = CanPay)]
async fn by_a_policy() {}

#[protected(proof = dpop, policy = CanPay)]
async fn proof_by_a_policy() {}

#[protected(proof = mtls, any(proof = mtls, role = "a"))]
async fn alternative() {}

fn main() {}
