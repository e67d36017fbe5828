//! The revocations that a security event causes, and the event as the application sees it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::EventClaims;
use super::event_type::Effect;
use super::received_event::ReceivedEvent;
use super::rule::Rule;
use super::target::{Permissions, targets};
use crate::json::{Item, Object};
use crate::revocation::Revocation;

impl EventClaims<'_> {
    /// Returns the revocations that the event causes.
    pub(crate) fn revocations(
        &self,
        permissions: &Permissions<'_>,
    ) -> Result<Vec<Revocation>, Rule> {
        let Some(subject) = self.subject else { return Ok(Vec::new()) };
        let targets = targets(self.effect, subject, permissions)?;
        Ok(targets.into_iter().map(|target| target.revocation(self.time)).collect())
    }

    /// Returns the event as the application sees it.
    pub(crate) fn for_application(&self, transmitter: &Arc<str>) -> ReceivedEvent {
        ReceivedEvent {
            transmitter: Arc::clone(transmitter),
            event_type: self.event_type.to_owned(),
            subject: self.subject_identifier.map(members),
            claims: members(self.event),
            time: self.time,
            ends_sessions: self.ends_sessions(),
        }
    }

    /// Returns true if the event ends sessions, or makes tokens out of date.
    pub(crate) const fn ends_sessions(&self) -> bool {
        matches!(self.effect, Effect::SessionEnded | Effect::TokensOutdated)
    }
}

fn members(object: Object<'_>) -> Map<String, Value> {
    Map::deserialize(Item::Object(object)).unwrap_or_default()
}
