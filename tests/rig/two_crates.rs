//! A macro that combines a check and a policy of this crate with a check and a policy of the
//! calling crate.

use axum_protected::{Policy, check};

/// Allows every request.
#[check]
pub async fn may_enter() -> bool {
    true
}

#[derive(Policy)]
#[policy(check = may_enter)]
pub struct Visitor;

/// Defines two handlers. For a token with the scope `theirs`, the check or policy of this crate
/// decides. For a token with the scope `ours`, the check or policy in the arguments of the macro
/// decides.
#[macro_export]
macro_rules! handlers_of_two_crates {
    ($check:path, $policy:path) => {
        #[::axum_protected::protected(any(all(scope = "theirs", check = $crate::two_crates::may_enter), all(scope = "ours", check = $check)))]
        async fn checked() {}

        #[::axum_protected::protected(any(all(scope = "theirs", policy = $crate::two_crates::Visitor), all(scope = "ours", policy = $policy)))]
        async fn named() {}
    };
}
