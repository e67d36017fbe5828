use axum_protected::{Policy, protected};

#[protected(proof)]
async fn no_value() {}

#[protected(proof = "dpop")]
async fn with_quotes() {}

#[protected(proof = DPoP)]
async fn upper_case() {}

#[protected(proof = tls)]
async fn misspelt() {}

#[protected(proof = token)]
async fn unknown_word() {}

#[protected(proof = Proof::Dpop)]
async fn path() {}

#[protected(proof(dpop))]
async fn parentheses_for_equals() {}

#[protected(proof = any(dpop, mtls))]
async fn group_inside() {}

#[protected(proof = dpop, proof = mtls)]
async fn duplicate_key() {}

#[derive(Policy)]
#[policy(any(proof = dpop | mtls, scope = ""))]
struct SeveralMistakes;

fn main() {}
