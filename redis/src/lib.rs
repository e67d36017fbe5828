//! Revocations and used DPoP proofs of `axum-protected`, shared by all instances of an API through
//! Redis or Valkey.
