//! Requirements that look redundant but are not: they compile without a warning.

#![deny(warnings)]

use axum_protected::{Policy, Scopes, check, protected};

#[derive(Scopes)]
pub enum Scope {
    #[scope("items:read")]
    Read,
    #[scope("items:write", implies = [Read])]
    Write,
    #[scope("audit")]
    Audit,
}

#[check]
async fn owns() -> bool {
    true
}

#[derive(Policy)]
#[policy(any(scope = Scope::Write, role = "editor"), check = owns)]
pub struct CanWriteItems;

#[derive(Policy)]
#[policy(scope = Scope::Read, check = async || true)]
pub struct CanReadItems;

#[protected(all(scope = Scope::Write, scope = Scope::Audit))]
pub async fn neither_implies_the_other() {}

// A scope as text is not a declared scope, so no declared scope implies it.
#[protected(all(scope = "items:read", scope = Scope::Write))]
pub async fn as_text() {}

#[protected(any(scope = "items:read", all(scope = Scope::Read, role = "auditor")))]
pub async fn narrower_by_the_scope_and_broader_by_the_role() {}

#[protected(scope = Scope::Read, policy = CanWriteItems)]
pub async fn the_policy_does_not_need_the_scope() {}

#[protected(any(scope = Scope::Write, all(policy = CanReadItems, check = owns)))]
pub async fn the_policy_demands_a_check() {}

// The attribute and the policy both give the number 0 to their first check.
#[protected(all(check = owns, policy = CanReadItems))]
pub async fn a_check_and_a_policy_with_another_check() {}

#[protected(any(policy = CanReadItems, policy = CanWriteItems))]
pub async fn two_policies() {}

#[protected(all(scope = Absent::Read, policy = Absent))]
#[cfg(any())]
pub async fn absent() {}

// One claim may be an array that contains both values.
#[protected(all(claim("a" = true), claim("a" = false)))]
pub async fn true_and_false() {}

#[protected(any(check = async || true, check = async || true))]
pub async fn two_closures_are_never_the_same() {}

#[protected(client = "a", any(all(client = "a", scope = "x"), scope = "y"))]
pub async fn narrower_case() {}

pub mod inner {
    #[axum_protected::protected(all(scope = super::Scope::Write, scope = super::Scope::Audit))]
    pub async fn needed() {}
}

fn main() {
    #[protected(all(scope = Scope::Audit, policy = CanWriteItems))]
    async fn inside() {}

    let _ = inside;
}
