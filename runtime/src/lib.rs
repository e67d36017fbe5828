//! Write who may call an axum handler once, on the handler.

#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as axum_protected;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod algorithm;
mod bearer;
mod clock;
mod error;
mod extract;
mod json;
mod keys;
mod policy;
mod refusal;
mod scope;
mod server;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod token;

pub use axum_protected_macros::{HasResourceServer, protected, public};

pub use self::algorithm::Algorithm;
pub use self::clock::{Clock, SystemClock};
pub use self::error::{ConfigError, TokenError, TokenErrorKind};
pub use self::extract::{Authorized, Claims, Public};
pub use self::policy::{Operation, Policy, PublicAccess, Requirement};
pub use self::refusal::Refusal;
pub use self::server::{
    HasResourceServer, Issuer, NotReady, ResourceServer, ResourceServerBuilder,
};
pub use self::token::{AccessToken, Provider};
