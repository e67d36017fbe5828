#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod addresses;
mod backend;
mod client;
mod cookie;
mod error;
mod layer;
mod refresh;
mod routes;
mod seal;
mod session;
mod sessions;
mod settings;
mod sign_in;
mod store;
mod telemetry;
mod token_endpoint;
mod token_revocation;
mod token_source;
mod validation;

pub use self::backend::BrowserBackend;
pub use self::error::ConfigError;
pub use self::layer::{SessionLayer, SessionResponse, SessionService};
pub use self::settings::{BrowserBackendBuilder, SameSite, SealingKey};
