//! Revocations and used DPoP proofs of `axum-protected`, shared by all instances of an API through
//! Redis or Valkey.
//!
//! ```text
//! ACL SETUSER items-api on >PASSWORD ~axum-protected:* +xadd +xread +xtrim +xinfo|stream +info +set +wait
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
mod client;
mod configuration;
mod connection;
mod credentials;
mod deployment;
mod error;
mod exclusive;
mod failure;
mod log;
mod nodes;
mod proofs;
mod replies;
mod settings;
mod shared;
mod slots;
mod telemetry;
mod tls;

pub use self::client::Redis;
pub use self::configuration::RedisConfiguration;
pub use self::error::RedisConfigError;
pub use self::log::RedisLog;
pub use self::proofs::RedisProofs;
pub use self::settings::RedisSettings;
