//! OpenAPI documentation of the access that guards enforce.

mod access_docs;
mod add_access;
#[cfg(feature = "aide")]
mod aide;
mod alternatives;
mod api_key_scheme;
mod component_name;
mod cookie_scheme;
mod guarded_route;
mod issuers;
mod json_document;
mod mismatch;
mod placeholder;
mod proof_schemes;
mod published_document;
mod replacement;
mod scheme;
mod scheme_names;
mod security;
mod sentence;
#[cfg(feature = "utoipa")]
mod split_router;
mod table_markdown;
#[cfg(any(feature = "utoipa", feature = "utoipa5"))]
mod typed_document;
#[cfg(any(feature = "utoipa", feature = "utoipa5"))]
pub(crate) mod utoipa;
mod x_access;

pub use self::mismatch::DocumentMismatch;
pub use self::published_document::OpenApiDocument;
pub use self::security::OpenApiSecurity;

/// The default name of the security scheme.
const DEFAULT_SCHEME: &str = "oauth2";

/// The name of the security scheme of tokens with a DPoP proof.
const DPOP_SCHEME: &str = "DPoP";

/// The name of the security scheme of client certificates.
const MUTUAL_TLS_SCHEME: &str = "mutualTLS";

/// The name of the extension that contains the complete access of an operation. The value of the
/// extension is either `{"public": reason}` or `{"requires": tree}`. A tree is `{"all": [tree,
/// ...]}`, `{"any": [tree, ...]}`, or one demand: `{"scope": name}` (with the member `included_in`
/// for the scopes that imply this scope), `{"role": name}`, `{"claim": [name, ...], "value":
/// value}`, `{"client": id}`, `{"issuer": name}`, `{"acr": value}`, `{"max_age": seconds}`,
/// `{"proof": name}`, `{"details": object}` (an object of `authorization_details` with the demanded
/// values), `{"check": name}`.
const EXTENSION: &str = "x-access";

#[cfg(test)]
mod tests;
