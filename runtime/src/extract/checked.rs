//! The extractor for the value that a check of the handler's guard loaded.

use std::any::{TypeId, type_name};
use std::fmt;
use std::ops::{Deref, DerefMut};

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::erased_policy::StateAddress;
use super::loaded_values::{LoadedValue, NoValue, ValueSource};
use super::proof_memory::{add_value, take_value};
use crate::check::{CheckRejection, LoadingCheck, LoadingOutcome};
use crate::error::RefusalKind;
use crate::policy::Requirement;
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::telemetry;

/// The value that the check `C` loaded for this handler. [`Loaded`](crate::Loaded) has an example.
///
/// The guard of the handler runs the check, and this argument moves the value out. The check runs
/// once, and the value is not cloned. `C` is the name of the function with `#[check]`, without the
/// values of its constants. A check with constants may occur only once in the attribute and in the
/// policies that the attribute names.
///
/// The attribute of the handler must demand the check, directly or through a named policy. If the
/// guard can allow a request without the check, as in `any(role = "admin", check = own_blog)`, the
/// handler must take `Option<Checked<own_blog>>`. It is `Some` if the guard ran the check and the
/// check passed. It is `None` if the guard allowed the request without the check.
///
/// # The value belongs to one call of one handler
///
/// The value of a check that a middleware, a layer or another handler ran is never passed on, because
/// that check may have judged another object. The extractor refuses the request with a 500 and the
/// code `value_not_loaded`, and logs an error, in these cases, which are bugs of the program:
///
/// - An extractor before this argument changed the method, the URI, the version or a header of the
///   request. The value would be of an object that the request no longer names.
/// - The attribute does not recognise the argument, because the handler has no attribute, because
///   another extractor contains the argument, or because the type is written under another name,
///   such as an alias.
/// - The value is extracted from a clone of the request's `Parts`, or a second time.
/// - A check with constants ran more than once, so that there are several values.
///
/// `Option<Checked<C>>` is refused in these cases too. It is never `None` because a value is lost.
///
/// An extractor before this argument must not change an extension that the check reads, because this
/// crate cannot detect changes of extensions.
///
/// # A state without a size
///
/// The address of the state identifies the call of a handler, so a state of zero size does not
/// compile:
///
/// ```compile_fail
/// use axum_protected::{Checked, HasResourceServer, Loaded, ResourceServer, check, protected};
///
/// #[derive(Clone)]
/// struct Empty;
///
/// impl HasResourceServer for Empty {
///     fn resource_server(&self) -> &ResourceServer {
///         unimplemented!()
///     }
/// }
///
/// #[check]
/// async fn one() -> Option<Loaded<u8>> {
///     Some(Loaded(1))
/// }
///
/// #[protected(check = one)]
/// async fn handler(Checked(_): Checked<one>) {}
///
/// fn main() {
///     let routes = axum::Router::new().route("/", axum::routing::get(handler));
///     let _: axum::Router = routes.with_state(Empty);
/// }
/// ```
#[allow(
    clippy::exhaustive_structs,
    reason = "destructured in the argument list, like the extractors of axum"
)]
pub struct Checked<C: LoadingCheck>(pub C::Value);

impl<C, S> FromRequestParts<S> for Checked<C>
where
    C: LoadingCheck,
    S: HasResourceServer + Send + Sync + 'static,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let value = take::<C, S>(parts, state)?;
        value.ok_or_else(|| refusal::<C>(NoValue::NotRun, state.resource_server(), parts))
    }
}

impl<C, S> OptionalFromRequestParts<S> for Checked<C>
where
    C: LoadingCheck,
    S: HasResourceServer + Send + Sync + 'static,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        take(parts, state)
    }
}

fn take<C, S>(parts: &mut Parts, state: &S) -> Result<Option<Checked<C>>, Refusal>
where
    C: LoadingCheck,
    S: HasResourceServer + 'static,
{
    const { assert!(size_of::<S>() > 0, "`Checked` needs a state that is not zero-sized") }
    take_value(parts, StateAddress::of(state), TypeId::of::<C>())
        .map(|value| value.and_then(downcast).map(Checked))
        .map_err(|reason| refusal::<C>(reason, state.resource_server(), parts))
}

fn downcast<T: 'static>(value: LoadedValue) -> Option<T> {
    value.downcast().ok().map(|value| *value)
}

fn refusal<C>(reason: NoValue, server: &ResourceServer, parts: &Parts) -> Refusal {
    let kind = RefusalKind::ValueNotLoaded;
    telemetry::value_not_loaded(kind.code(), type_name::<C>(), reason.text());
    server.refusals().refuse(kind, &Requirement::All(&[]), parts)
}

/// Passes the value of the check `C` on to the handler whose guard runs the check, if that handler
/// takes the value. The code that `#[check]` generates calls this function. `has_constants` is true
/// if the check has parameters that are marked `#[constant]`.
#[doc(hidden)]
pub fn pass_on<C, S, O>(
    parts: &mut Parts,
    state: &S,
    outcome: O,
    has_constants: bool,
) -> Result<(), CheckRejection>
where
    C: LoadingCheck<Value = O::Value>,
    S: 'static,
    O: LoadingOutcome,
{
    let value = outcome.into_value()?;
    let source = ValueSource { check: TypeId::of::<C>(), has_constants };
    add_value(parts, StateAddress::of(state), source, || Box::new(value));
    Ok(())
}

impl<C: LoadingCheck> Deref for Checked<C> {
    type Target = C::Value;

    fn deref(&self) -> &C::Value {
        &self.0
    }
}

impl<C: LoadingCheck> DerefMut for Checked<C> {
    fn deref_mut(&mut self) -> &mut C::Value {
        &mut self.0
    }
}

impl<C: LoadingCheck<Value: fmt::Debug>> fmt::Debug for Checked<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Checked").field(&self.0).finish()
    }
}
