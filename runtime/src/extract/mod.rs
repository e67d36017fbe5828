//! The axum extractors: the guard of the attributes, and the token and its claims.

mod authorized;
mod claims;
mod public;
mod read;
mod token;

pub use self::authorized::Authorized;
pub use self::claims::Claims;
pub use self::public::Public;
