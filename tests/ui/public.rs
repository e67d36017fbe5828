use axum_protected::public;

#[public]
async fn no_reason() {}

#[public()]
async fn no_reason_in_parentheses() {}

#[public(crate = ::axum_protected)]
async fn path_only() {}

#[public(reason)]
async fn no_value() {}

#[public(reason = "")]
async fn empty() {}

#[public(reason = " \n")]
async fn blank() {}

#[public(reason = true)]
async fn not_a_string() {}

#[public(reason("liveness probe"))]
async fn parentheses() {}

#[public("liveness probe")]
async fn bare() {}

#[public(reasons = "liveness probe")]
async fn misspelt_key() {}

#[public(scope = "a")]
async fn key_of_protected() {}

#[public(reason = "a", reason = "b")]
async fn duplicate_key() {}

fn main() {}
