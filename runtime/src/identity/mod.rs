//! The caller of a request: the result of every verification, regardless of the kind of credential.
//!
//! Policies, extractors, documents and revocation know only this module. A new kind of credential
//! therefore does not change them.

mod access_token;
mod api_key;
mod api_key_origin;
mod authorization_details;
mod jwt;
mod origin;
mod possession;
mod typed_details;

pub use self::access_token::AccessToken;
pub use self::typed_details::DetailsError;

pub(crate) use self::api_key_origin::ApiKeyOrigin;
pub(crate) use self::jwt::Jwt;
pub(crate) use self::origin::Answered;
