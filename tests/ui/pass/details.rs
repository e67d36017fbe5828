use axum_protected::{Authorized, Policy, protected};

#[derive(Policy)]
#[policy(details(type = "payment", actions = "initiate"), any(proof = dpop, proof = mtls))]
struct CanPay;

#[protected(all(proof = dpop, proof = mtls))]
async fn both_proofs() {}

#[protected(all(
    details(type = "payment", actions = "initiate"),
    details(type = "payment", actions = "status"),
    details(type = "account"),
))]
async fn several_objects() {}

#[protected(
    details(type = "payment", actions = all("status", "initiate"), identifier = "1"),
    proof = mtls,
)]
async fn implied(_: Authorized<CanPay>) {}

macro_rules! handler {
    ($name:ident, $kind:literal, $($action:literal)*) => {
        #[protected(details(type = $kind, actions = all($($action),*)))]
        async fn $name() {}
    };
}

handler!(from_a_macro, "payment", "initiate" "status");

fn main() {}
