//! The claims of a security event token (RFC 8417, Shared Signals Framework 1.0 section 4).

use std::time::{Duration, SystemTime};

use crate::json::{Document, Item, Object};
use crate::token::{is_media_type, numeric_date};

use super::event_type::{Effect, effect};
use super::rule::Rule;
use super::subject::Subject;

/// The shortest leeway for `iat`, because clocks differ.
const IAT_LEEWAY: Duration = Duration::from_secs(60);

/// The receiver and the time that a token is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) transmitter: &'a str,
    pub(crate) audiences: &'a [String],
    pub(crate) leeway: Duration,
    pub(crate) now: SystemTime,
}

/// The claims of a token that follows the rules. Its signature has not been verified.
#[derive(Clone, Copy)]
pub(crate) struct EventClaims<'a> {
    /// The identifier of the token, `jti`.
    pub(crate) id: &'a str,
    pub(crate) event_type: &'a str,
    pub(crate) effect: Effect,
    /// The time up to which issued tokens are out of date.
    pub(crate) time: SystemTime,
    pub(super) event: Object<'a>,
    pub(super) subject_identifier: Option<Object<'a>>,
    pub(super) subject: Option<Subject<'a>>,
}

impl Context<'_> {
    /// Returns the latest time that an event can have if its token was issued at this time.
    ///
    /// Some transmitters write the time of an event in milliseconds, which is in the far future. It
    /// must not stand for the time at which the token arrives: a token that arrives again would then
    /// revoke the tokens that were issued since.
    fn latest_time(&self, issued_at: SystemTime) -> SystemTime {
        let earlier = issued_at.min(self.now);
        earlier.checked_add(self.leeway).unwrap_or(earlier)
    }
}

/// Returns true if a security event token may have this `typ`. Without it, the token could be one of
/// another kind (Shared Signals Framework 1.0 section 4.1.1).
pub(crate) fn accepts_type(typ: Option<&str>) -> bool {
    typ.is_some_and(|typ| is_media_type(typ, "secevent+jwt"))
}

/// Returns the issuer that a token names, of which nothing is verified.
pub(crate) fn issuer(document: &Document) -> Result<&str, Rule> {
    document.root().get("iss").and_then(Item::as_str).ok_or(Rule::IssMissing)
}

impl<'a> EventClaims<'a> {
    /// Checks the claims of a token. The caller checks the signature.
    pub(crate) fn read(document: &'a Document, context: &Context<'_>) -> Result<Self, Rule> {
        let claims = document.root();
        if issuer(document)? != context.transmitter {
            return Err(Rule::IssOther);
        }
        check_audience(claims, context.audiences)?;
        let issued_at = claims.get("iat").and_then(numeric_date).ok_or(Rule::IatMissing)?;
        let iat_leeway = context.leeway.max(IAT_LEEWAY);
        if issued_at.duration_since(context.now).is_ok_and(|ahead| ahead > iat_leeway) {
            return Err(Rule::IatAhead);
        }
        let id = claims.get("jti").and_then(Item::as_str).filter(|id| !id.is_empty());
        let id = id.ok_or(Rule::JtiMissing)?;
        // Neither is in a security event (section 4.1), so that it is not a token of another kind.
        if claims.contains("exp") {
            return Err(Rule::HasExp);
        }
        if claims.contains("sub") {
            return Err(Rule::HasSub);
        }
        let (event_type, event) = only_event(claims)?;
        let effect = effect(event_type, event);
        let subject_identifier = subject_identifier(claims, event, effect)?;
        // What the server does not act on need not be readable.
        let is_read = matches!(effect, Effect::SessionEnded | Effect::TokensOutdated);
        let subject = subject_identifier.filter(|_| is_read).map(Subject::read).transpose()?;
        let latest = context.latest_time(issued_at);
        let time = event_time(event)?.unwrap_or(issued_at).min(latest);
        Ok(Self { id, event_type, effect, time, event, subject_identifier, subject })
    }
}

fn check_audience(claims: Object<'_>, audiences: &[String]) -> Result<(), Rule> {
    let is_own = |audience: &str| audiences.iter().any(|own| own == audience);
    let is_for_us = match claims.get("aud") {
        Some(Item::String(audience)) => is_own(audience),
        Some(Item::Array(several)) if several.items().all(|item| item.as_str().is_some()) => {
            several.items().filter_map(Item::as_str).any(is_own)
        }
        _ => return Err(Rule::AudMissing),
    };
    if is_for_us { Ok(()) } else { Err(Rule::AudOther) }
}

/// Returns the type and the claims of the only event (CAEP Interoperability Profile section 2.7.1).
fn only_event(claims: Object<'_>) -> Result<(&str, Object<'_>), Rule> {
    let events = claims.get("events").and_then(Item::as_object).ok_or(Rule::EventsMissing)?;
    let mut members = events.members();
    match (members.next(), members.next()) {
        (Some((event_type, event)), None) => {
            event.as_object().map(|event| (event_type, event)).ok_or(Rule::EventMalformed)
        }
        _ => Err(Rule::EventsSeveral),
    }
}

/// Returns the subject identifier: `sub_id`, or the `subject` of the event, where drafts had it.
fn subject_identifier<'a>(
    claims: Object<'a>,
    event: Object<'a>,
    effect: Effect,
) -> Result<Option<Object<'a>>, Rule> {
    let subject = match (claims.get("sub_id"), event.get("subject")) {
        (Some(_), Some(_)) => return Err(Rule::SubjectsTwo),
        (Some(subject), None) | (None, Some(subject)) => subject,
        // An event about the stream concerns nobody in the drafts.
        (None, None) if effect == Effect::Stream => return Ok(None),
        (None, None) => return Err(Rule::SubjectMissing),
    };
    subject.as_object().map(Some).ok_or(Rule::SubjectMalformed)
}

fn event_time(event: Object<'_>) -> Result<Option<SystemTime>, Rule> {
    let time = event.get("event_timestamp");
    time.map(|time| numeric_date(time).ok_or(Rule::TimeMalformed)).transpose()
}

#[cfg(test)]
mod tests;
