//! Security events that revoke tokens: security event tokens (RFC 8417) of transmitters of the Shared
//! Signals Framework.
//!
//! `claims`, `subject`, `event_type` and `target` are the rules, which are pure: which token is a
//! valid event, whom it is about, what its type means, and which tokens it concerns. The server
//! verifies the signature, and keeps `received_ids`.

mod claims;
mod error;
mod event;
mod event_type;
mod further_revocations;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod key_settings;
pub(crate) mod poll;
mod poll_settings;
mod push_authorization;
mod receipt;
mod received_event;
mod received_ids;
mod rule;
mod settings;
mod subject;
mod target;

pub use self::received_event::ReceivedEvent;
pub use self::settings::EventTransmitter;

pub(crate) use self::claims::{Context, EventClaims, accepts_type, issuer};
pub(crate) use self::error::{EventError, EventErrorCode};
pub(crate) use self::event_type::Effect;
pub(crate) use self::push_authorization::PushAuthorization;
pub(crate) use self::receipt::Receipt;
pub(crate) use self::received_ids::ReceivedIds;
pub(crate) use self::rule::{Rule, of_fault};
pub(crate) use self::target::Permissions;
