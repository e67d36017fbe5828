//! The axum extractors: the guard of the attributes, the token, and its claims.

mod access_token;
mod admission;
mod authorized;
mod claims;
mod claims_deserializer;
mod denial;
mod erased_policy;
pub(crate) mod guard;
mod proof_memory;
mod public;
mod request_token;

pub use self::authorized::Authorized;
pub use self::claims::Claims;
pub use self::public::Public;
