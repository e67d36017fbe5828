//! The wrappers `public` and `protected`, which declare the access of handlers and services that
//! have no attribute.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::handler::Handler;
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};

use super::declared_handler::sealed::Seal;
use super::declared_handler::{Access, DeclaredHandler};
use crate::check::CheckList;
use crate::extract::{Authorized, Public, admit_to_service};
use crate::policy::{Policy, PublicOperation};
use crate::server::HasResourceServer;

/// The name of a wrapped handler or service that is public, in documents and logs.
const PUBLIC_NAME: &str = "a wrapped handler or service";

/// Allows all callers to use a handler or service that has no attribute, for the given reason.
///
/// Use this function for a closure, for a handler or a service of another crate, and for a plain
/// [`axum::Router`]. A function of your own gets the attribute
/// [`#[public]`](macro@crate::public) instead. One `use` imports the function and the attribute.
///
/// ```
/// use axum_protected::routing::get;
/// use axum_protected::{ProtectedRouter, public};
///
/// # fn main() -> Result<(), axum_protected::router::RouterError> {
/// let app: axum::Router = ProtectedRouter::new()
///     .route("/health", get(public("liveness probe", || async { "ok" })))
///     .into_router()?;
/// # Ok(())
/// # }
/// ```
///
/// The access table shows the reason and the location of this call.
/// [`ProtectedRouter::into_router`](crate::ProtectedRouter::into_router) reports an empty reason.
#[track_caller]
pub fn public<T>(reason: &'static str, inner: T) -> WithAccess<Public<()>, T> {
    WithAccess {
        access: Access::Public(PublicOperation::new(PUBLIC_NAME, reason)),
        inner,
        guard: PhantomData,
    }
}

/// Protects a handler or service that has no attribute with a policy.
///
/// Use this function for a closure, for a handler or a service of another crate, and for a plain
/// [`axum::Router`]. A function of your own gets the attribute
/// [`#[protected]`](macro@crate::protected) instead. One `use` imports the function and the
/// attribute.
///
/// The policy is a unit struct with [`#[derive(Policy)]`](derive@crate::Policy):
///
/// ```
/// use axum::extract::Path;
/// use axum_protected::routing::get;
/// use axum_protected::{Policy, ProtectedRouter, ResourceServer, protected};
///
/// #[derive(Policy)]
/// #[policy(scope = "items:read")]
/// struct CanReadItems;
///
/// fn routes(files: axum::Router) -> ProtectedRouter<ResourceServer> {
///     ProtectedRouter::new()
///         .route("/items/{id}", get(protected(CanReadItems, |Path(id): Path<String>| async { id })))
///         .nest_service("/files", protected(CanReadItems, files))
/// }
/// ```
///
/// The guard runs before the extractors of the handler and before the body is read. The wrapped
/// handler or service finds the verified [`AccessToken`](crate::AccessToken) in the extensions of
/// the request, as behind a [`ProtectedLayer`](crate::ProtectedLayer). The access table shows the
/// location of the policy.
#[allow(clippy::needless_pass_by_value, reason = "the type of the value is the policy")]
pub fn protected<P: PolicyValue, T>(_policy: P, inner: T) -> WithAccess<Authorized<P>, T> {
    WithAccess { access: Access::Protected(P::OPERATION), inner, guard: PhantomData }
}

/// A policy that is passed as a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy that can be passed as a value",
    label = "pass a unit struct: `#[derive(Policy)] #[policy(...)] struct CanWriteItems;`",
    note = "an enum has no value: write `struct CanWriteItems;` instead of `enum CanWriteItems {{}}`"
)]
pub trait PolicyValue: Policy {}

#[diagnostic::do_not_recommend]
impl<P: Policy> PolicyValue for P {}

/// A handler or service together with its declared access. [`public`](fn@crate::public) and
/// [`protected`](fn@crate::protected) create it. `G` is the guard of the handler or service `T`.
#[must_use = "a handler or service does nothing until it is added to a router"]
pub struct WithAccess<G, T> {
    access: Access,
    inner: T,
    guard: PhantomData<fn() -> G>,
}

impl<G, T> WithAccess<G, T> {
    /// Converts the wrapped value and keeps the access.
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> WithAccess<G, U> {
        WithAccess { access: self.access, inner: convert(self.inner), guard: PhantomData }
    }
}

/// The type that stands in place of the handler's arguments for a wrapped handler.
#[allow(unnameable_types, missing_debug_implementations, reason = "distinguishes implementations")]
pub enum WrappedArguments {}

#[diagnostic::do_not_recommend]
impl<G, T> DeclaredHandler<WrappedArguments> for WithAccess<G, T> {
    type Guard = G;

    fn access(&self, _: Seal) -> Access {
        self.access
    }
}

impl<P, H, T, S> Handler<T, S> for WithAccess<Authorized<P>, H>
where
    P: Policy<Checks: CheckList<S>> + 'static,
    H: Handler<T, S>,
    S: HasResourceServer + Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match admit_to_service::<P, S>(&mut parts, &state).await {
                Ok(()) => self.inner.call(Request::from_parts(parts, body), state).await,
                Err(refusal) => refusal.into_response(),
            }
        })
    }
}

#[diagnostic::do_not_recommend]
impl<H: Handler<T, S>, T, S> Handler<T, S> for WithAccess<Public<()>, H> {
    type Future = H::Future;

    fn call(self, request: Request, state: S) -> Self::Future {
        self.inner.call(request, state)
    }
}

impl<G, T: Clone> Clone for WithAccess<G, T> {
    fn clone(&self) -> Self {
        Self { access: self.access, inner: self.inner.clone(), guard: PhantomData }
    }
}

impl<G, T> fmt::Debug for WithAccess<G, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WithAccess").field("access", &self.access).finish_non_exhaustive()
    }
}
