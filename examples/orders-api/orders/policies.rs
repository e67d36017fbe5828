//! The check and the named policies.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Claims, Policy, check};

use super::scope::Scope;
use super::store::OrderId;
use super::{AppState, Caller};

/// Returns true if the caller placed the order. The check is called only if the token satisfies the
/// other requirements of the policy.
#[check]
pub(super) async fn owns_order(
    Path(id): Path<OrderId>,
    State(state): State<AppState>,
    Claims(caller): Claims<Caller>,
) -> Result<bool, StatusCode> {
    let order = state.orders.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(order.owner == caller.sub)
}

/// A policy that admits the user who placed the order, or an admin, with a token that has the write
/// scope. The check is the first alternative, because a refusal names the scopes of the first
/// alternative, and clients should not request the admin scope by default.
#[derive(Policy)]
#[policy(scope = Scope::Write, any(check = owns_order, scope = Scope::Admin))]
pub(super) struct CanChangeOrders;

/// A policy that admits the callers of `CanChangeOrders`, but only after a recent
/// phishing-resistant sign-in, because the removal of an order is final.
#[derive(Policy)]
#[policy(policy = CanChangeOrders, acr = "phr", max_age = "5m")]
pub(super) struct CanRemoveOrders;
