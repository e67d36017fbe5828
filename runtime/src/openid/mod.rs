//! The rules for the messages of an OpenID provider to a client: its metadata, ID tokens and logout
//! tokens.
//!
//! This module has no async code, does not fetch keys and knows no server. `server/provider` joins
//! it with the keys, the clock and the HTTP client of an issuer.
//!
//! Servers that receive logout tokens without signing in users use a part of it.
//!
//! ID tokens and logout tokens are kinds of their own. Both have rules that no access token
//! satisfies, and `token/kind.rs` refuses both as access tokens.

#[cfg(feature = "__browser")]
mod access_token_hash;
mod claims;
mod error;
#[cfg(feature = "__browser")]
mod id_token;
mod logout_form;
mod logout_token;
#[cfg(feature = "__browser")]
mod metadata;
#[cfg(feature = "__browser")]
mod provider_error;
mod rule;

pub use self::error::OpenIdError;
#[cfg(feature = "__browser")]
pub use self::id_token::{IdToken, IdTokenExpectation, Occasion};
pub use self::logout_form::{BODY_LIMIT, is_form, logout_token};
pub use self::logout_token::LogoutToken;
#[cfg(feature = "__browser")]
pub use self::metadata::{ClientAuthentication, ProviderMetadata};
#[cfg(feature = "__browser")]
pub use self::provider_error::ProviderError;

pub(crate) use self::claims::Context;
pub(crate) use self::error::{Kind, Reason};
