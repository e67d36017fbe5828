//! The rules for the messages of an OpenID provider to a client: its metadata, ID tokens and logout
//! tokens.
//!
//! This module has no async code, does not fetch keys and knows no server. `server/provider` joins
//! it with the keys, the clock and the HTTP client of an issuer.
//!
//! ID tokens and logout tokens are kinds of their own. Both have rules that no access token
//! satisfies, and `token/kind.rs` refuses both as access tokens.

mod error;
mod metadata;

pub use self::error::ProviderError;
pub use self::metadata::{ClientAuthentication, ProviderMetadata};
