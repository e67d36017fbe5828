//! Functions that replace those of `instruments.rs` if the feature `metrics` is disabled. They
//! record nothing.

#[cfg(feature = "security_events")]
use super::EventOutcome;
use super::{IntrospectionOutcome, Lookup};

pub(crate) const fn describe() {}

pub(super) const fn authorized(_: Lookup) {}

pub(super) const fn authenticated(_: Lookup) {}

pub(super) const fn refused(_: &'static str, _: Option<Lookup>) {}

pub(crate) fn timed<T>(_: &'static str, verify: impl FnOnce() -> T) -> T {
    verify()
}

pub(super) const fn introspected(_: &str, _: IntrospectionOutcome) {}

#[cfg(feature = "security_events")]
pub(super) const fn event_polled(_: &str, _: bool) {}

#[cfg(feature = "security_events")]
pub(super) const fn security_event(_: &'static str, _: EventOutcome) {}

pub(super) const fn keys_fetched(_: &str, _: bool) {}

pub(super) const fn keys_not_fetched(_: &str) {}

pub(super) const fn keys_held(_: &str, _: usize) {}

pub(super) const fn revocations_resync(_: &'static str) {}

pub(super) const fn revocations_unreadable(_: usize) {}

pub(super) const fn revocations_heard(_: usize, _: bool) {}
