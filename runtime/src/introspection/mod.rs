//! Token introspection (RFC 7662): the issuer is asked about a token.
//!
//! An issuer may give opaque tokens, which say nothing to the server, or withdraw tokens before they
//! expire. [`Introspection`] tells the server to ask the issuer. The answer becomes the same
//! [`AccessToken`](crate::AccessToken) as a JWT, so that policies, extractors and documents do not
//! depend on the kind of token. The [guide](crate::guide::opaque_tokens) has the details.
//!
//! ```
//! use axum_protected::introspection::Introspection;
//! use axum_protected::{Issuer, ResourceServer};
//!
//! let introspection = Introspection::new()
//!     .endpoint("https://id.example.com/introspect")
//!     .client_id("items-api")
//!     .client_secret_file("/run/secrets/introspection");
//! # let introspection = Introspection::new()
//! #     .endpoint("https://id.example.com/introspect")
//! #     .client_id("items-api")
//! #     .client_secret("secret");
//! let server = ResourceServer::builder()
//!     .issuer(Issuer::new("https://id.example.com").introspection(introspection))
//!     .audience("https://api.example.com")
//!     .build()?;
//! # Ok::<(), axum_protected::ConfigError>(())
//! ```

// The rules are pure: they use neither the network nor a clock. `server/introspection` asks.

mod answer;
mod assertion;
mod claims;
mod client_credentials;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod jwt_answer;
mod request;
mod settings;

pub(crate) use self::settings::AnswerAudience;
pub use self::settings::{ClientAuthentication, Introspection, Mode, PrivateKeyJwt};

pub(crate) use self::answer::{Answer, Unusable};
pub(crate) use self::assertion::Assertion;
pub(crate) use self::claims::{Question, claims};
pub(crate) use self::client_credentials::{
    ClientCredentials, Secret, of_content as secret_of_content,
};
pub(crate) use self::jwt_answer::{Expected, accepts_type, content};
pub(crate) use self::request::{body, headers};

/// Media type of an answer that is a JWT (RFC 9701 section 5).
pub(crate) const JWT_MEDIA_TYPE: &str = "application/token-introspection+jwt";
