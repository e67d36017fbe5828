//! The application's own checks, for example that the caller owns the requested object.

use std::future::Future;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

/// A decision that only the application can make, for example that the caller owns the order in
/// the path.
///
/// `#[check]` implements it for an async function. The arguments are extractors that do not need
/// the body:
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
/// A check runs after the token is verified and before the body is read, and only if its result
/// matters. Two policies of one request may run it twice, so it should not have side effects.
///
/// It returns a [`CheckOutcome`]. The response of an `Err`, for example a 404, goes to the client.
/// So does the rejection of one of its extractors.
///
/// A panic in a check is not caught. As in a handler, it closes the connection; the handler does not
/// run. `tower_http::catch_panic::CatchPanicLayer` around the routes turns it into a 500.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a check for the state `{S}`",
    label = "not a check here",
    note = "write `#[check]` above the function, and use only extractors that work with this state and do not need the body"
)]
pub trait Check<S> {
    /// The name in access tables and logs.
    const NAME: &'static str;

    /// Runs the check. An `Err` refuses the request.
    fn check(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

/// A denial without a response of its own: 403, `denied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a result without content")]
pub struct Denied;

/// A denial by a check.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckRejection {
    /// The default refusal: 403, `denied`.
    Denied,
    /// The check's own response.
    Response(Box<Response>),
}

/// Return types of a check: `bool`, `Result<(), Denied>`, and, with a response `E` of its own,
/// `Result<bool, E>` or `Result<(), E>`, for example `Result<bool, StatusCode>`.
#[diagnostic::on_unimplemented(
    message = "a check cannot return `{Self}`",
    label = "return `bool`, `Result<(), Denied>` or `Result<bool, E>` with a response `E`"
)]
pub trait CheckOutcome {
    /// Converts the outcome into one type.
    ///
    /// # Errors
    ///
    /// The denial.
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

/// `Err` is for failures other than a denial, for example a 404 for an object that does not exist.
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

/// Extracts one argument of a check. Called by the code that `#[check]` writes.
#[doc(hidden)]
pub async fn extract<T, S>(parts: &mut Parts, state: &S) -> Result<T, CheckRejection>
where
    T: FromRequestParts<S>,
    S: Send + Sync,
{
    T::from_request_parts(parts, state).await.map_err(CheckRejection::from_response)
}

/// The checks of a policy, by index.
pub trait CheckList<S> {
    /// The number of checks.
    const COUNT: usize;

    /// Runs the check with this index. An index out of range denies the request.
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
