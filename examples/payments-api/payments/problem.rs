//! The reasons for which the bank does not make a payment.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A reason that the guard cannot know: it depends on the body or on the accounts. The response is a
/// problem document (RFC 9457), as that of the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    NotConsented,
    UnknownDebtorAccount,
    SameAccount,
    OtherCurrency,
    InsufficientFunds,
    OtherPayment,
}

impl Problem {
    fn status(self) -> StatusCode {
        match self {
            Self::NotConsented => StatusCode::FORBIDDEN,
            Self::UnknownDebtorAccount
            | Self::SameAccount
            | Self::OtherCurrency
            | Self::InsufficientFunds => StatusCode::UNPROCESSABLE_ENTITY,
            Self::OtherPayment => StatusCode::CONFLICT,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::NotConsented => "not_consented",
            Self::UnknownDebtorAccount => "unknown_debtor_account",
            Self::SameAccount => "same_account",
            Self::OtherCurrency => "other_currency",
            Self::InsufficientFunds => "insufficient_funds",
            Self::OtherPayment => "other_payment",
        }
    }

    fn detail(self) -> &'static str {
        match self {
            Self::NotConsented => "the payment is not the one that the user consented to",
            Self::UnknownDebtorAccount => "the debtor account is not an account of the user",
            Self::SameAccount => "the debtor account and the creditor account are the same",
            Self::OtherCurrency => "one of the accounts has another currency than the payment",
            Self::InsufficientFunds => "the balance of the debtor account is too low",
            Self::OtherPayment => "another payment was made with this identifier",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let document = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.detail(),
            "code": self.code(),
        });
        (status, [(CONTENT_TYPE, "application/problem+json")], Json(document)).into_response()
    }
}
