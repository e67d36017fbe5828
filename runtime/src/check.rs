//! The application's own checks: may this caller do this to this object?

use std::future::Future;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

/// A question that only the application can answer, as whether the caller owns the order in the
/// path. `#[check]` writes the implementation for an async function, whose arguments are extractors
/// that do not need the body:
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
/// It runs after the token's checks, only where its answer matters, and before the body is read. Two
/// policies of one request may ask it twice, so it should change nothing.
/// It returns what is a [`CheckOutcome`]; what its extractors refuse is the answer, as a 404 from
/// its own `Err` is.
///
/// A panic in a check is not caught here. As one in a handler does, it closes the connection, before
/// the handler has run; `tower_http::catch_panic::CatchPanicLayer` around the routes answers it with
/// 500.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no check for the state `{S}`",
    label = "not a check here",
    note = "write `#[check]` above the function, and give it only extractors that this state can make without the body"
)]
pub trait Check<S> {
    /// What reviews and logs call it.
    const NAME: &'static str;

    /// Asks.
    fn check(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

/// The answer no, without a reason: 403, `denied`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "an answer without content")]
pub struct Denied;

/// The answer no of a check.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckRejection {
    /// The refusal that is right for it.
    Denied,
    /// The check's own response.
    Response(Box<Response>),
}

/// What a check may return: `bool`, `Result<(), Denied>`, or, with a response of its own for what is
/// neither, `Result<bool, E>` or `Result<(), E>`, as `Result<bool, StatusCode>`.
#[diagnostic::on_unimplemented(
    message = "a check does not answer with `{Self}`",
    label = "return `bool`, `Result<(), Denied>` or `Result<bool, E>` with a response `E`"
)]
pub trait CheckOutcome {
    /// As one type.
    ///
    /// # Errors
    ///
    /// The answer no.
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

/// The answer of a check that may also fail otherwise, as by a 404 for what is not there.
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

/// One argument of a check. Written by `#[check]`.
#[doc(hidden)]
pub async fn extract<T, S>(parts: &mut Parts, state: &S) -> Result<T, CheckRejection>
where
    T: FromRequestParts<S>,
    S: Send + Sync,
{
    let extracted = T::from_request_parts(parts, state).await;
    extracted.map_err(CheckRejection::from_response)
}

/// The checks of a policy, by number.
pub trait CheckList<S> {
    /// How many there are.
    const COUNT: usize;

    /// Asks the check of this number; there is no other, so any other says no.
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

            #[allow(unused_variables, reason = "the empty list asks nobody")]
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
