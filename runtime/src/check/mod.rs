//! The application's own checks, for example that the caller owns the requested object.

pub(crate) mod constants;
mod list;
mod loading;
mod outcome;

use std::future::Future;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

use crate::identity::DetailsError;

#[doc(hidden)]
pub use self::constants::{ConstantCheck, Constants};
pub use self::list::CheckList;
pub use self::loading::{Loaded, LoadingCheck, LoadingOutcome};
pub use self::outcome::CheckOutcome;

/// A decision on a request that only the application can make, for example that the caller owns the
/// order that the path names.
///
/// `#[check]` implements this trait for an async function. The arguments of the function are
/// extractors that do not need the request body:
///
/// ```
/// use axum::extract::{Path, State};
/// use axum_protected::{AccessToken, check, protected};
/// # #[derive(Clone)] struct Orders;
/// # impl Orders { fn owner(&self, _: u64) -> String { String::new() } }
///
/// #[check]
/// async fn owns_order(Path(id): Path<u64>, State(orders): State<Orders>, caller: AccessToken) -> bool {
///     caller.subject() == Some(orders.owner(id).as_str())
/// }
///
/// #[protected(scope = "orders:read", check = owns_order)]
/// async fn order(Path(id): Path<u64>) {}
/// ```
///
/// The guard runs a check after it has verified the token and before axum reads the body. It skips
/// the check if the result of the check cannot change the decision. Two policies on one request may
/// run the same check twice, so a check should not have side effects.
///
/// The function returns a [`CheckOutcome`]. If it returns an `Err` with a response, for example a
/// 404, the client receives that response. If an extractor of the check fails, the client receives
/// the rejection of that extractor. A check that loads the object that it decides about can pass the
/// object on to the handler; see [`Loaded`].
///
/// This crate does not catch a panic in a check. The panic closes the connection, as a panic in a
/// handler does, and the handler does not run. `tower_http::catch_panic::CatchPanicLayer` around
/// the routes turns the panic into a 500.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a check for the state `{S}`",
    label = "not a check here",
    note = "write `#[check]` above the function, and use only extractors that work with this state and do not need the body"
)]
pub trait Check<S> {
    /// The name of the check in access tables and logs.
    const NAME: &'static str;

    /// Runs the check. An `Err` refuses the request.
    fn check(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

/// The error of a check that denies the request without a response of its own. The client receives
/// a 403 with the code `denied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a result without content")]
pub struct Denied;

/// Denies a request whose authorization details cannot be read.
impl From<DetailsError> for Denied {
    fn from(_: DetailsError) -> Self {
        Self
    }
}

/// The error of a check that refuses a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckRejection {
    /// The check denies the request. The client receives a 403 with the code `denied`.
    Denied,
    /// The check refuses the request with this response.
    Response(Box<Response>),
}

impl CheckRejection {
    pub(crate) fn from_response(response: impl IntoResponse) -> Self {
        Self::Response(Box::new(response.into_response()))
    }
}

/// Extracts one argument of a check. The code that `#[check]` generates calls this function.
#[doc(hidden)]
pub async fn extract<T, S>(parts: &mut Parts, state: &S) -> Result<T, CheckRejection>
where
    T: FromRequestParts<S>,
    S: Send + Sync,
{
    T::from_request_parts(parts, state).await.map_err(CheckRejection::from_response)
}
