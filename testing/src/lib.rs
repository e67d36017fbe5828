#![doc = include_str!("../README.md")]

mod access_matrix;
mod access_snapshot;
mod authorization_server;
mod clock;
mod digest;
mod dpop_key;
mod dpop_proof;
mod event_transmitter;
mod jws;
mod loopback_post;
mod public_key;
mod signing_key;
mod signing_keys;
mod token;

pub use self::access_matrix::{AccessMatrix, AccessMatrixBuilder, AccessMatrixError, Case};
pub use self::access_snapshot::assert_unchanged;
pub use self::authorization_server::{
    AuthorizationServer, AuthorizationServerBuilder, Client, IntrospectionEndpoint,
    ProtectedResource, TokenEndpoint,
};
pub use self::clock::ManualClock;
pub use self::dpop_key::DpopKey;
pub use self::dpop_proof::DpopProof;
pub use self::event_transmitter::{EventTransmitterServer, PushAnswer, SecurityEventBuilder};
pub use self::signing_keys::SigningKeys;
pub use self::token::TokenBuilder;
