//! An authorization server for tests and development (feature `testing`): real keys, real HTTP on
//! loopback, and tokens that are wrong in exactly one way.
//!
//! ```
//! use axum_protected::testing::AuthorizationServer;
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let issuer = AuthorizationServer::start().await?;
//! let server = issuer.resource_server().build()?;
//!
//! let token = issuer.token().scope("items:read").sign();
//! assert!(server.verify(&token).await?.has_scope("items:read"));
//!
//! let expired = issuer.token().expired().sign();
//! assert_eq!(server.verify(&expired).await.unwrap_err().kind().code(), "expired_token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "router")]
mod access_matrix;
#[cfg(feature = "router")]
mod access_snapshot;
mod authorization_server;
mod clock;
mod signing_key;
mod signing_keys;
mod token;

#[cfg(feature = "router")]
pub use self::access_matrix::{AccessMatrix, AccessMatrixError};
#[cfg(feature = "router")]
pub use self::access_snapshot::AccessSnapshotError;
pub use self::authorization_server::{AuthorizationServer, AuthorizationServerBuilder, Client};
pub use self::clock::ManualClock;
pub use self::signing_keys::SigningKeys;
pub use self::token::TokenBuilder;
