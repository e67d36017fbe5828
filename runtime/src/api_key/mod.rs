//! API keys: their settings, the claims that a key stands for, and the keys that a running server
//! holds.
//!
//! A key is found by the SHA-256 digest of its text. The server therefore never compares the text of
//! a key, and it stores no key.

mod checksum;
mod claims;
mod digest;
mod error;
mod file;
mod forgotten_keys;
mod generated_key;
mod key;
mod key_identity;
mod key_store;
mod limits;
mod look_up;
mod look_up_cache;
mod place;
mod results;
mod running_look_ups;
mod settings;
mod standing;
mod start;

pub use self::digest::{KeyDigest, KeyDigestError};
pub use self::error::ApiKeysError;
pub use self::generated_key::GeneratedKey;
pub use self::key::ApiKey;
pub use self::settings::ApiKeys;

pub(crate) use self::claims::ValidKey;
pub(crate) use self::key_identity::KeyIdentity;
pub(crate) use self::key_store::KeyStore;
pub(crate) use self::standing::{KeyFault, Standing};
pub(crate) use self::start::ValidApiKeys;

/// The issuer of every API key: the `iss` claim, and the name by which policies refer to it.
pub(crate) const ISSUER: &str = "api-keys";
