//! Verifies security events with the keys of their transmitter, and revokes the tokens that they
//! concern.

mod polling;
mod receive;
mod transmitter;
mod transmitter_keys;

pub(in crate::server) use self::polling::{EventPoll, PollAuthorization, PollEndpoint};
pub(in crate::server) use self::transmitter::TrustedTransmitter;
pub(in crate::server) use self::transmitter_keys::{OwnKeys, TransmitterKeys};
