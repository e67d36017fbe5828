//! A macro that puts a check and a policy of this crate next to those of the crate that calls it.

use axum_protected::{Policy, check};

/// Allows every request.
#[check]
pub async fn may_enter() -> bool {
    true
}

#[derive(Policy)]
#[policy(check = may_enter)]
pub struct Visitor;

/// Defines two handlers. With the scope `theirs` the code of this crate decides, with the scope `ours`
/// the code that is given.
#[macro_export]
macro_rules! handlers_of_two_crates {
    ($check:path, $policy:path) => {
        #[::axum_protected::protected(any(all(scope = "theirs", check = $crate::two_crates::may_enter), all(scope = "ours", check = $check)))]
        async fn checked() {}

        #[::axum_protected::protected(any(all(scope = "theirs", policy = $crate::two_crates::Visitor), all(scope = "ours", policy = $policy)))]
        async fn named() {}
    };
}
