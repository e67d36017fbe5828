//! The settings of a backend, as an application writes them. `validation` checks them.

mod builder;
mod builder_sessions;
mod client_secret;
mod same_site;
mod sealing_key;
mod session_place;

pub use self::builder::BrowserBackendBuilder;
pub use self::same_site::SameSite;
pub use self::sealing_key::SealingKey;

pub(crate) use self::client_secret::ClientSecret;
pub(crate) use self::sealing_key::KeySource;
pub(crate) use self::session_place::SessionPlace;
