//! Seals the values of cookies: nobody without the key can read, change or make one.

mod cipher_key;
mod sealing_keys;

pub(crate) use self::cipher_key::KEY_LENGTH;
pub(crate) use self::sealing_keys::{Purpose, SealError, SealingKeys};
