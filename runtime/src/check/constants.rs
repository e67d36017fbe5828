//! Checks with constants, such as `check = can(Permission::ItemsRead)`. The code that the attributes
//! generate uses these items.

use std::future::Future;

use http::request::Parts;

use super::CheckRejection;

/// A check with parameters that are marked `#[constant]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no constants",
    label = "no parameter of this check is marked `#[constant]`",
    note = "name the check without values, as in `check = owns_order`, or mark its first parameters, as in `async fn can(#[constant] permission: Permission)`"
)]
pub trait Constants {
    /// The type that holds the values of the constants.
    type Values;
}

/// A check that takes constants and works with the state `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a check with constants for the state `{S}`",
    label = "not a check here",
    note = "write `#[check]` above the function, and use only extractors that work with this state and do not need the body"
)]
pub trait ConstantCheck<S>: Constants {
    /// Runs the check with these values. An `Err` refuses the request.
    fn check(
        values: Self::Values,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

/// A trait that gives every type fallbacks for the items that `#[check]` generates for a check with
/// constants. The generated items take precedence over the fallbacks.
pub trait NoConstants {
    /// The error message for an attribute that names a check without its constants.
    const __MISSING_CONSTANTS: Option<&'static str> = None;

    /// Reports that the check takes no constants. A check with constants has a function of this name
    /// that takes precedence, so that no type can call this function.
    fn __constants<T, V>(_: T) -> V
    where
        Self: Constants;
}

impl<C: ?Sized> NoConstants for C {
    fn __constants<T, V>(_: T) -> V
    where
        Self: Constants,
    {
        unreachable!("the function that `#[check]` generates takes precedence")
    }
}

/// Asserts at compile time that a check takes no constants. The argument is the error message of a
/// check that takes constants.
///
/// # Panics
///
/// Panics with the message, if there is one. In a constant the panic is a compile error at the
/// caller.
#[track_caller]
pub const fn takes_no_constants(missing: Option<&'static str>) {
    if let Some(message) = missing {
        assert!(message.is_empty(), "{}", message);
    }
}
