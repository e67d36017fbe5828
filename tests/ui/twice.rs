use axum_protected::{protected, public};

#[protected(scope = "a")]
#[protected(scope = "b")]
async fn protected_twice() {}

#[public(reason = "a")]
#[public(reason = "b")]
async fn public_twice() {}

#[protected(scope = "a")]
#[doc = "A comment between the attributes."]
#[axum_protected::public(reason = "a")]
async fn protected_and_public() {}

#[public(reason = "a")]
#[axum_protected::protected]
#[protected]
async fn public_and_protected() {}

fn main() {}
