//! The axum extractors: the guard of the attributes, and the token and its claims.

mod admission;
mod asking;
mod authorized;
mod claims;
mod denial;
mod granted;
pub(crate) mod guard;
mod public;
mod read;
mod request_token;
mod token;

pub use self::authorized::Authorized;
pub use self::claims::Claims;
pub use self::public::Public;
