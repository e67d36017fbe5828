//! The marker argument of a handler that needs no token.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::policy::PublicAccess;
use crate::server::record_public_page;

/// The first argument of a handler, which `#[public]` adds. This extractor always succeeds. Its
/// type marks the handler as public.
pub struct Public<P>(PhantomData<fn() -> P>);

impl<P, S> FromRequestParts<S> for Public<P>
where
    P: PublicAccess,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        record_public_page(&mut parts.extensions, const { &P::OPERATION });
        Ok(Self(PhantomData))
    }
}

impl<P> fmt::Debug for Public<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Public").finish_non_exhaustive()
    }
}
