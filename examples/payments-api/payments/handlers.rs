//! The handlers, each with an attribute that states its access rule.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::{Authorized, Checked, protected, public};

use super::AppState;
use super::bank::{Account, Initiated, Payment};
use super::consent::{PaymentRequest, consent};
use super::customer::customer;
use super::payment_id::PaymentId;
use super::policies::{CanInitiate, CanSeeStatus};
use super::problem::Problem;
use super::scope::Scope;

/// Reports that the API is up. A public handler must state a reason.
#[public(reason = "liveness probe")]
pub(super) async fn health() -> &'static str {
    "ok"
}

/// Lists the accounts of the user.
#[protected(scope = Scope::Accounts, proof = dpop, check = customer)]
pub(super) async fn accounts(
    Checked(customer): Checked<customer>,
    State(state): State<AppState>,
) -> Json<Vec<Account>> {
    Json(state.bank.accounts(&customer))
}

/// Makes the payment that the user consented to, once. `PUT` is idempotent (RFC 9110 section 9.2.2):
/// the first request makes the payment and gets 201, further equal requests get 200.
#[protected(policy = CanInitiate)]
pub(super) async fn initiate(
    proof: Authorized<CanInitiate>,
    Checked(customer): Checked<customer>,
    Checked(consent): Checked<consent>,
    State(state): State<AppState>,
    Json(request): Json<PaymentRequest>,
) -> Result<(StatusCode, Json<Payment>), Problem> {
    let payment = consent.confirm(request)?;
    Ok(match state.bank.initiate(&proof, &customer, payment)? {
        Initiated::Now(payment) => (StatusCode::CREATED, Json(payment)),
        Initiated::Earlier(payment) => (StatusCode::OK, Json(payment)),
    })
}

/// Returns a payment of the user with its status. The key of a payment contains the customer, so a
/// payment of somebody else is a 404.
#[protected(policy = CanSeeStatus)]
pub(super) async fn status(
    Checked(customer): Checked<customer>,
    Path(id): Path<PaymentId>,
    State(state): State<AppState>,
) -> Result<Json<Payment>, StatusCode> {
    state.bank.payment(&customer, &id).map(Json).ok_or(StatusCode::NOT_FOUND)
}
