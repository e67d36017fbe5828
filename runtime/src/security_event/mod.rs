//! Security events that revoke tokens: back-channel logouts (OpenID Connect Back-Channel Logout) and
//! security event tokens (RFC 8417) of the Shared Signals Framework.

mod error;
mod further_revocations;
mod key_settings;
pub(crate) mod poll;
mod poll_settings;
mod receipt;
mod received_event;
mod settings;

pub use self::received_event::ReceivedEvent;
pub use self::settings::EventTransmitter;

pub(crate) use self::error::{EventError, EventErrorCode};
pub(crate) use self::receipt::Receipt;
