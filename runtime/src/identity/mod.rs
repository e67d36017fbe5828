//! The caller of a request: the result of every verification, regardless of the kind of credential.
//!
//! Policies, extractors, documents and revocation know only this module. A new kind of credential
//! therefore does not change them.

mod access_token;
mod jwt;
mod origin;

pub use self::access_token::AccessToken;
