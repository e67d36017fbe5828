//! The policies of the payments.

use axum_protected::Policy;

use super::consent::{Action, consent};
use super::customer::customer;
use super::scope::Scope;

/// A policy that admits a client to one payment, for a user who consented to it:
///
/// - The client holds the key to which the token is bound (RFC 9449). A stolen token is useless
///   without the key.
/// - One object of the authorization details permits both actions (RFC 9396). The response contains
///   the status of the payment.
/// - The user has authenticated with a phishing-resistant method in the last five minutes (RFC
///   9470). Otherwise the response is a 401 that asks the client to send the user to sign in again.
/// - The checks find the customer, and the user's consent to the payment that the URL names. They run
///   only if all other requirements are satisfied.
#[derive(Policy)]
#[policy(
    scope = Scope::MakePayments,
    proof = dpop,
    details(type = "payment_initiation", actions = all("initiate", "status")),
    acr = "phr",
    max_age = "5m",
    all(check = customer, check = consent(Action::Initiate)),
)]
pub(super) struct CanInitiate;

/// A policy that admits a client to the status of one payment, for a user who consented to it.
#[derive(Policy)]
#[policy(
    scope = Scope::ReadPayments,
    proof = dpop,
    details(type = "payment_initiation", actions = "status"),
    all(check = customer, check = consent(Action::Status)),
)]
pub(super) struct CanSeeStatus;
