#![doc = include_str!("telemetry.md")]

mod api_keys;
mod configuration;
#[cfg(feature = "security_events")]
mod event_polls;
#[cfg(feature = "metrics")]
mod instruments;
#[cfg(not(feature = "metrics"))]
#[path = "no_instruments.rs"]
mod instruments;
mod introspection;
mod keys;
mod proofs;
mod requests;
mod revocations;
#[cfg(feature = "security_events")]
mod security_events;

pub(crate) use self::api_keys::{api_key_look_up_failed, api_key_look_ups_limited};
pub(crate) use self::configuration::{
    ambiguous_settings, insecure_http, resource_has_query, response_not_private, variable_misspelt,
};
#[cfg(feature = "security_events")]
pub(crate) use self::event_polls::{
    event_poll, event_poll_failed, event_poll_refused, events_polled,
};
pub(crate) use self::instruments::{describe, timed};
pub(crate) use self::introspection::{
    introspected, introspection, introspection_audience, introspection_failed,
    introspection_limited, introspection_refused,
};
pub(crate) use self::keys::{
    fetch, key_irregular, key_left_aside, keys_changed, keys_fetched, keys_held, keys_not_fetched,
    listener_overrun, listener_panicked, metadata_not_fetched,
};
pub(crate) use self::proofs::{proofs_judged_locally, proofs_unavailable};
pub(crate) use self::requests::{
    ambiguous_token, audit_panicked, authenticated, authorize, authorized, claims_type,
    insecure_transport, refused, stream_ended, unauthenticated, unexpected_claims,
    value_not_loaded,
};
pub(crate) use self::revocations::{
    revocation_feed_panicked, revocation_unreadable, revocations_heard, revocations_missing,
    revocations_not_appended, revocations_not_read, revocations_not_trimmed, revocations_overflow,
    revocations_read_again, revocations_resync,
};

#[cfg(feature = "security_events")]
pub(crate) use self::security_events::{
    backchannel_logout, backchannel_logout_failed, security_event, security_event_refused,
    security_event_unknown, security_event_without_target,
};

use crate::error::{RefusalKind, TokenError};

/// Name that all events and spans have as their `tracing` target, in place of the module path.
const TARGET: &str = "axum_protected";

/// Result of a look-up in the cache of verified tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// The cache contains the token, because its signature was verified for an earlier request.
    Hit,
    /// The cache does not contain the token, so its signature was verified for this request.
    Miss,
}

/// Outcome of a question about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntrospectionOutcome {
    Active,
    /// The token is not active, or the server refuses it for the claims in the answer.
    Refused,
    Failed,
}

impl IntrospectionOutcome {
    pub(crate) fn of<T>(verdict: &Result<T, TokenError>) -> Self {
        match verdict {
            Ok(_) => Self::Active,
            Err(error) if error.kind() == RefusalKind::IntrospectionUnavailable => Self::Failed,
            Err(_) => Self::Refused,
        }
    }

    /// Returns the value of the label `result`.
    #[cfg(feature = "metrics")]
    const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Outcome of a logout token or of a security event.
#[cfg(feature = "security_events")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventOutcome {
    Revoked,
    WithoutEffect,
    Repeated,
    Refused,
    Unavailable,
}

#[cfg(feature = "security_events")]
impl EventOutcome {
    /// Returns the value of the label and of the field `result`.
    const fn name(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::WithoutEffect => "without_effect",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
        }
    }
}
