//! Extracts the claims of a token as a type of the application.

use std::fmt;
use std::ops::Deref;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::access_token::is_anonymous;
use super::claims_deserializer::{Unreadable, read};
use crate::error::RefusalKind;
use crate::identity::AccessToken;
use crate::policy::Requirement;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;
use crate::telemetry;

/// The claims of the verified token, deserialized as `T`.
///
/// On a handler without an attribute such as `#[protected]`, this extractor verifies the token
/// itself.
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
/// If a claim that `T` needs is missing or has another type, the client receives a 401 with the
/// code `unexpected_claims`, because another token may have the claim. If `T` cannot be
/// deserialized from any JSON object, for example a `String` or a `Vec`, the program has a bug. The
/// client then receives a 500 with the code `claims_type`, and the extractor logs an error.
///
/// `Option<Claims<T>>` is `None` only for a request without credentials. An invalid token is
/// refused, as with `Option<AccessToken>`. The `Debug` output contains no claims.
#[allow(
    clippy::exhaustive_structs,
    reason = "destructured in the argument list, like the extractors of axum"
)]
pub struct Claims<T>(pub T);

impl<T, S> FromRequestParts<S> for Claims<T>
where
    T: DeserializeOwned,
    S: HasResourceServer + Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let token = <AccessToken as FromRequestParts<S>>::from_request_parts(parts, state);
        read(token.await?.claims()).map(Self).map_err(|Unreadable { kind, missing }| {
            let (code, type_name) = (kind.code(), std::any::type_name::<T>());
            if kind == RefusalKind::ClaimsType {
                telemetry::claims_type(code, type_name);
            } else {
                telemetry::unexpected_claims(code, type_name, missing);
            }
            state.resource_server().refusals().refuse(kind, &Requirement::All(&[]), parts)
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
        if is_anonymous(parts, state.resource_server()).await {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
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
