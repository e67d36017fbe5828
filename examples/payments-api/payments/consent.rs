//! The user's consent to one payment, in the authorization details of the token (RFC 9396).

use axum::extract::Path;
use axum_protected::{AccessToken, Denied, Loaded, check};
use serde::{Deserialize, Serialize};

use super::iban::AccountReference;
use super::money::Money;
use super::payment_id::PaymentId;
use super::problem::Problem;

/// The `type` of the details.
pub(crate) const CONSENT_TYPE: &str = "payment_initiation";

/// An action that a user can consent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    Initiate,
    Status,
    Cancel,
}

/// An object of the type `payment_initiation`. Its members are those of RFC 9396 section 2, and
/// `identifier` of section 2.2.
///
/// An object with an unknown member is not a consent that this API understands, because the member
/// may restrict the payment, for example to a date. `AccessToken::details` refuses such an object.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Consent {
    actions: Vec<Action>,
    identifier: PaymentId,
    instructed_amount: Money,
    creditor_name: String,
    creditor_account: AccountReference,
    remittance_information_unstructured: Option<String>,
}

/// The body of a request for a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PaymentRequest {
    pub(super) debtor_account: AccountReference,
    pub(super) instructed_amount: Money,
    pub(super) creditor_name: String,
    pub(super) creditor_account: AccountReference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remittance_information_unstructured: Option<String>,
}

/// A payment that the user has consented to. Only [`Consent::confirm`] creates it.
pub(super) struct ConsentedPayment {
    id: PaymentId,
    request: PaymentRequest,
}

impl ConsentedPayment {
    pub(super) fn into_parts(self) -> (PaymentId, PaymentRequest) {
        (self.id, self.request)
    }
}

/// Finds the user's consent to this action on the payment that the URL names.
///
/// The requirement `details(...)` of the policy is satisfied by any object of the type. This check
/// selects the object for this payment, so the check compares the actions of that object again.
#[check]
pub(super) async fn consent(
    #[constant] action: Action,
    Path(id): Path<PaymentId>,
    token: AccessToken,
) -> Result<Loaded<Consent>, Denied> {
    let consents = token.details::<Consent>(CONSENT_TYPE)?;
    let mut matching = consents.into_iter().filter(|consent| consent.identifier == id);
    // Of two objects for one payment it is not clear which of them the user meant.
    let (Some(consent), None) = (matching.next(), matching.next()) else { return Err(Denied) };
    if consent.actions.contains(&action) { Ok(Loaded(consent)) } else { Err(Denied) }
}

impl Consent {
    /// Compares the requested payment with the consent: the account, the amount and the currency that
    /// the user has seen are those of the payment. The debtor account is not part of the consent: the
    /// bank requires that it is an account of the user.
    pub(super) fn confirm(self, request: PaymentRequest) -> Result<ConsentedPayment, Problem> {
        let is_consented = self.instructed_amount == request.instructed_amount
            && self.creditor_account == request.creditor_account
            && self.creditor_name == request.creditor_name
            && self.remittance_information_unstructured
                == request.remittance_information_unstructured;
        if is_consented {
            Ok(ConsentedPayment { id: self.identifier, request })
        } else {
            Err(Problem::NotConsented)
        }
    }
}
