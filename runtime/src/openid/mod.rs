//! The rules for the messages of an OpenID provider to a client: its metadata, ID tokens and logout
//! tokens.
//!
//! This module has no async code, does not fetch keys and knows no server. `server/provider` joins
//! it with the keys, the clock and the HTTP client of an issuer.
//!
//! ID tokens and logout tokens are kinds of their own. Both have rules that no access token
//! satisfies, and `token/kind.rs` refuses both as access tokens.

mod access_token_hash;
mod claims;
mod error;
mod id_token;
mod logout_token;
mod metadata;
mod provider_error;
mod rule;

pub use self::error::OpenIdError;
pub use self::id_token::{IdToken, IdTokenExpectation, Occasion};
pub use self::logout_token::LogoutToken;
pub use self::metadata::{ClientAuthentication, ProviderMetadata};
pub use self::provider_error::ProviderError;

pub(crate) use self::claims::Context;
pub(crate) use self::error::{Kind, Reason};
