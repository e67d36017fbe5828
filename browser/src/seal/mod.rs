//! Seals texts: nobody without the key can read, change or make one.

mod cipher_key;
mod error;
mod sealing_keys;

pub(crate) use self::cipher_key::KEY_LENGTH;
#[cfg(feature = "tower_sessions")]
pub(crate) use self::cipher_key::{CipherKey, Sealed};
pub(crate) use self::error::SealError;
pub(crate) use self::sealing_keys::{Purpose, SealingKeys};
