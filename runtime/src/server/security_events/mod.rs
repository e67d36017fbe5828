//! Verifies security events with the keys of their transmitter, and revokes the tokens that they
//! concern.

mod receive;
mod transmitter;
mod transmitter_keys;

pub(in crate::server) use self::transmitter::TrustedTransmitter;
pub(in crate::server) use self::transmitter_keys::TransmitterKeys;
