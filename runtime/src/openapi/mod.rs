//! OpenAPI documentation of the access that guards enforce.

#[cfg(feature = "aide")]
mod aide;
mod alternatives;
mod describe;
mod guard_docs;
mod issuers;
mod json_document;
mod mismatch;
mod scheme;
mod security;
mod sentence;
mod table_markdown;
#[cfg(feature = "utoipa")]
pub(crate) mod utoipa;
mod x_access;

pub use self::mismatch::DocumentMismatch;
pub use self::security::OpenApiSecurity;

/// The default name of the security scheme.
const DEFAULT_SCHEME: &str = "oauth2";

/// The extension of an operation with its complete access. Either `{"public": reason}` or
/// `{"requires": tree}`; a tree is `{"all": [tree, ...]}`, `{"any": [tree, ...]}`, or one demand:
/// `{"scope": name}` (with `included_in`, the broader scopes), `{"role": name}`, `{"claim": [name,
/// ...], "value": value}`, `{"client": id}`, `{"issuer": name}`, `{"acr": value}`, `{"max_age":
/// seconds}`, `{"check": name}`.
const EXTENSION: &str = "x-access";

#[cfg(test)]
mod tests;
