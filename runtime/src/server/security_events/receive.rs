//! Accepts one security event, in whichever way it came.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::transmitter::TrustedTransmitter;
use crate::error::{RefusalKind, TokenError};
use crate::redaction::redacted;
use crate::revocation::Revocation;
use crate::security_event::{
    Context, Effect, EventClaims, EventError, EventErrorCode, Permissions, Receipt, Rule,
    accepts_type, of_fault,
};
use crate::server::ResourceServer;
use crate::telemetry::{self, EventOutcome};
use crate::token::{Compact, Header};

/// The longest security event token in bytes.
pub(in crate::server) const EVENT_LIMIT: usize = 64 * 1024;

/// The time after which a transmitter may send an event again if nothing else is known.
const RETRY: Duration = Duration::from_secs(5);

impl ResourceServer {
    /// Verifies a security event token of this transmitter and revokes the tokens that it concerns.
    /// Returns when all instances of the server know of the revocations.
    pub(in crate::server) async fn receive_event(
        &self,
        transmitter: &TrustedTransmitter,
        text: &str,
    ) -> Result<Receipt, EventError> {
        let received = self.verify_and_apply(transmitter, text).await;
        if let Err(error) = &received {
            self.record_refused_event(redacted(&transmitter.identifier), error);
        }
        received
    }

    async fn verify_and_apply(
        &self,
        transmitter: &TrustedTransmitter,
        text: &str,
    ) -> Result<Receipt, EventError> {
        if text.len() > EVENT_LIMIT {
            return Err(Rule::TooLong.into());
        }
        let token = Compact::parse(text).map_err(of_fault)?;
        let algorithms = transmitter.keys.algorithms();
        let header = Header::read_as(token.header.root(), &algorithms, accepts_type);
        let header = header.map_err(of_fault)?;
        let context = Context {
            transmitter: &transmitter.identifier,
            audiences: &transmitter.settings.audiences,
            leeway: self.configuration().leeway,
            now: self.now(),
        };
        let event = EventClaims::read(&token.claims, &context)?;
        // The signature is checked last, so that other rules fail without waiting for keys.
        let verified = transmitter.keys.verify_signature(&header, &token).await;
        verified.map_err(|error| of_signature(&error))?;
        let revocations = event.revocations(&self.permissions(transmitter))?;
        let applied = transmitter
            .received
            .once(event.id, async { self.apply(transmitter, &event, revocations).await });
        let receipt = applied.await?.unwrap_or(Receipt::Repeated);
        transmitter.record(&event, receipt);
        Ok(receipt)
    }

    async fn apply(
        &self,
        transmitter: &TrustedTransmitter,
        event: &EventClaims<'_>,
        mut revocations: Vec<Revocation>,
    ) -> Result<Receipt, EventError> {
        if let Some(further) = &transmitter.settings.further_revocations {
            let found = further.of(event.for_application(&transmitter.identifier)).await;
            let found = found.map_err(|cause| unavailable(RETRY, cause))?;
            let permissions = self.permissions(transmitter);
            if found.iter().any(|one| !permissions.may_speak_of(one.of_issuer())) {
                return Err(Rule::SubjectForeign.into());
            }
            revocations.extend(found);
        }
        let receipt = if revocations.is_empty() { Receipt::NoEffect } else { Receipt::Revoked };
        let revoked = self.revoke_everywhere(revocations).await;
        revoked.map_err(|error| unavailable(RETRY, error.to_string()))?;
        Ok(receipt)
    }

    fn permissions<'a>(&'a self, transmitter: &'a TrustedTransmitter) -> Permissions<'a> {
        Permissions {
            transmitter: &transmitter.identifier,
            about: &transmitter.about,
            trusted: self.inner().issuers.keys().map(String::as_str).collect(),
        }
    }
}

impl TrustedTransmitter {
    /// Records an accepted event.
    fn record(&self, event: &EventClaims<'_>, receipt: Receipt) {
        let identifier = redacted(&self.identifier);
        let outcome = match receipt {
            Receipt::Revoked => EventOutcome::Revoked,
            Receipt::NoEffect => EventOutcome::WithoutEffect,
            Receipt::Repeated => EventOutcome::Repeated,
        };
        telemetry::security_event(identifier, event.event_type, outcome);
        if receipt != Receipt::NoEffect {
            return;
        }
        if event.ends_sessions() {
            telemetry::security_event_without_target(identifier, event.event_type);
        }
        if event.effect == Effect::Unknown && !self.has_warned.swap(true, Ordering::Relaxed) {
            telemetry::security_event_unknown(identifier, event.event_type);
        }
    }
}

/// Converts the error of a signature.
fn of_signature(error: &TokenError) -> EventError {
    if error.kind() == RefusalKind::KeysUnavailable {
        let cause = "the keys of the transmitter are not available";
        return unavailable(error.retry_after().unwrap_or(RETRY), cause);
    }
    let rule = error.fault().map_or("the signature does not verify", |fault| fault.rule());
    EventError::refused(EventErrorCode::InvalidKey, rule)
}

fn unavailable(retry_after: Duration, cause: impl Into<String>) -> EventError {
    EventError::Unavailable { cause: cause.into(), retry_after }
}
