//! The axum extractors: the guard of the attributes, and the token and its claims.

mod admission;
mod asking;
mod authorized;
mod check;
mod claims;
mod denial;
mod granted;
mod guard;
mod public;
mod read;
mod request_token;
mod token;

pub use self::authorized::Authorized;
pub use self::check::{Check, CheckList, CheckOutcome, CheckRejection, Denied};
pub use self::claims::Claims;
pub use self::public::Public;

#[doc(hidden)]
pub use self::check::extract;
#[doc(hidden)]
pub use self::guard::Named;
