//! The application's own checks, for example that the caller owns the requested object.

pub(crate) mod constants;

use std::future::Future;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

#[doc(hidden)]
pub use self::constants::{ConstantCheck, Constants};

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
/// the rejection of that extractor.
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

/// The error of a check that refuses a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckRejection {
    /// The check denies the request. The client receives a 403 with the code `denied`.
    Denied,
    /// The check refuses the request with this response.
    Response(Box<Response>),
}

/// The return type of a check: `bool`, `Result<(), Denied>`, `Result<bool, E>` or `Result<(), E>`.
/// `E` implements `IntoResponse`, for example `StatusCode`.
#[diagnostic::on_unimplemented(
    message = "a check cannot return `{Self}`",
    label = "return `bool`, `Result<(), Denied>` or `Result<bool, E>` with a response `E`"
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

/// The list of a policy's checks. A check is identified by its index in the list.
pub trait CheckList<S> {
    /// The number of checks in the list.
    const COUNT: usize;

    /// The names of the checks.
    const NAMES: &'static [&'static str];

    /// Runs the check at `index`. Returns `CheckRejection::Denied` if `index` is out of range.
    fn ask(
        index: usize,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

macro_rules! check_lists {
    ($($count:literal ($($check:ident $index:literal),*))*) => {$(
        impl<S, $($check),*> CheckList<S> for ($($check,)*)
        where
            S: Send + Sync,
            $($check: Check<S>,)*
        {
            const COUNT: usize = $count;

            const NAMES: &'static [&'static str] = &[$($check::NAME),*];

            #[allow(unused_variables, reason = "the empty list does not use them")]
            async fn ask(index: usize, parts: &mut Parts, state: &S) -> Result<(), CheckRejection> {
                match index {
                    $($index => $check::check(parts, state).await,)*
                    _ => Err(CheckRejection::Denied),
                }
            }
        }
    )*};
}

check_lists! {
    0 ()
    1 (A 0)
    2 (A 0, B 1)
    3 (A 0, B 1, C 2)
    4 (A 0, B 1, C 2, D 3)
    5 (A 0, B 1, C 2, D 3, E 4)
    6 (A 0, B 1, C 2, D 3, E 4, F 5)
    7 (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    8 (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
