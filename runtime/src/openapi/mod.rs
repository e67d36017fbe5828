//! What the guard enforces, as OpenAPI says it.

mod addition;
mod alternatives;
mod extension;
#[cfg(feature = "utoipa")]
mod utoipa;
mod words;

#[cfg(feature = "utoipa")]
pub use self::utoipa::documented;

/// The name of the security scheme, unless another is chosen.
const DEFAULT_SCHEME: &str = "oauth2";

/// The extension of an operation: what its access is, in full.
const EXTENSION: &str = "x-access";
