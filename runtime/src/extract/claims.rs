//! The claims as a type of the application's own.

use std::fmt;
use std::ops::Deref;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::access_token::is_anonymous;
use super::claims_deserializer::read;
use crate::error::RefusalKind;
use crate::policy::Requirement;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;
use crate::telemetry;
use crate::token::AccessToken;

/// The claims of the verified token, read as `T`. Authenticates by itself where no attribute has.
///
/// ```
/// use axum_protected::{Claims, protected};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Caller {
///     sub: String,
///     email: Option<String>,
/// }
///
/// #[protected]
/// async fn hello(Claims(caller): Claims<Caller>) -> String {
///     caller.email.unwrap_or(caller.sub)
/// }
/// ```
///
/// A token whose claims are not those of `T` (one is missing, or of another type) is not
/// acceptable to this operation: 401, `unexpected_claims`; another token may be. A `T` that no
/// JSON object can become, as a `String` or a `Vec`, is the program's fault: 500, `claims_type`,
/// and an error in the log.
///
/// `Debug` shows no claim; `Option<Claims<T>>` is as `Option<AccessToken>`.
#[allow(clippy::exhaustive_structs, reason = "taken apart in the argument list, as axum's are")]
pub struct Claims<T>(pub T);

impl<T, S> FromRequestParts<S> for Claims<T>
where
    T: DeserializeOwned,
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let token = <AccessToken as FromRequestParts<S>>::from_request_parts(parts, state);
        read(token.await?.claims()).map(Self).map_err(|kind| {
            let (code, wanted) = (kind.code(), std::any::type_name::<T>());
            if kind == RefusalKind::ClaimsType {
                telemetry::claims_type(code, wanted);
            } else {
                telemetry::unexpected_claims(code, wanted);
            }
            state.resource_server().refusals().refuse(kind, &Requirement::All(&[]))
        })
    }
}

impl<T, S> OptionalFromRequestParts<S> for Claims<T>
where
    T: DeserializeOwned,
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        if is_anonymous(parts, state.resource_server()) {
            return Ok(None);
        }
        let claims = <Self as FromRequestParts<S>>::from_request_parts(parts, state).await;
        claims.map(Some)
    }
}

impl<T> Deref for Claims<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Claims<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Claims").finish_non_exhaustive()
    }
}
