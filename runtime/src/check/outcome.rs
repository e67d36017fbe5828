//! The return types of a check that decides and passes nothing on.

use axum_core::response::IntoResponse;

use super::{CheckRejection, Denied};

/// The return type of a check: `bool`, `Result<(), Denied>`, `Result<bool, E>` or `Result<(), E>`.
/// `E` implements `IntoResponse`, for example `StatusCode`. A check that passes a value on returns a
/// [`LoadingOutcome`](super::LoadingOutcome) instead.
#[diagnostic::on_unimplemented(
    message = "a check cannot return `{Self}`",
    label = "return `bool`, `Result<(), Denied>` or `Result<bool, E>` with a response `E`",
    note = "to pass a value on to the handler, write `Option<Loaded<T>>` or `Result<Loaded<T>, E>` as the return type of a function with `#[check]`"
)]
pub trait CheckOutcome {
    /// Converts the outcome into a `Result`.
    ///
    /// # Errors
    ///
    /// Returns an error if the check refuses the request.
    fn into_result(self) -> Result<(), CheckRejection>;
}

impl CheckOutcome for bool {
    fn into_result(self) -> Result<(), CheckRejection> {
        if self { Ok(()) } else { Err(CheckRejection::Denied) }
    }
}

impl CheckOutcome for Result<(), Denied> {
    fn into_result(self) -> Result<(), CheckRejection> {
        self.map_err(|Denied| CheckRejection::Denied)
    }
}

impl<E: IntoResponse> CheckOutcome for Result<(), E> {
    fn into_result(self) -> Result<(), CheckRejection> {
        self.map_err(CheckRejection::from_response)
    }
}

/// `Ok(false)` denies the request. `Err` refuses it with another response, for example a 404 for an
/// object that does not exist.
impl<E: IntoResponse> CheckOutcome for Result<bool, E> {
    fn into_result(self) -> Result<(), CheckRejection> {
        self.map_err(CheckRejection::from_response)?.into_result()
    }
}
