//! The scopes of this API.

use axum_protected::Scopes;

/// The declared scopes. A scope permits a kind of request. The user's consent to one payment is not a
/// scope: it is in the authorization details of the token.
#[derive(Scopes)]
pub(crate) enum Scope {
    /// See your accounts
    #[scope("accounts:read")]
    Accounts,
    /// See the status of payments
    #[scope("payments:read")]
    ReadPayments,
    /// Make payments
    #[scope("payments:write", implies = [ReadPayments])]
    MakePayments,
}
