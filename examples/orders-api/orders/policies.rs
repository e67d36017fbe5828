//! The check and the named policies.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Claims, Policy, check};

use super::scope::Scope;
use super::store::OrderId;
use super::{AppState, Caller};

/// Returns true if the caller owns the order. The check runs only if the token satisfies the other
/// requirements of the policy.
#[check]
pub(super) async fn owns_order(
    Path(id): Path<OrderId>,
    State(state): State<AppState>,
    Claims(caller): Claims<Caller>,
) -> Result<bool, StatusCode> {
    let order = state.orders.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(order.owner == caller.sub)
}

/// The owner or the admin, with a token that has the write scope. The check is the first
/// alternative, because a refusal names the scopes of the first alternative, and clients should not
/// request the admin scope by default.
#[derive(Policy)]
#[policy(scope = Scope::Write, any(check = owns_order, scope = Scope::Admin))]
pub(super) struct CanChangeOrders;

/// The callers of `CanChangeOrders`, after a recent phishing-resistant sign-in, because the removal
/// of an order is final.
#[derive(Policy)]
#[policy(policy = CanChangeOrders, acr = "phr", max_age = "5m")]
pub(super) struct CanRemoveOrders;
