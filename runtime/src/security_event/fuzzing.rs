//! Entry points of the fuzz targets for security events, logout tokens and answers to polls.

use std::time::{Duration, SystemTime};

use super::claims::{Context, EventClaims};
use super::poll::PollAnswer;
use super::received_event::ReceivedEvent;
use super::target::Permissions;
use crate::json;
use crate::openid::{Context as LogoutContext, LogoutToken};
use crate::possession::RequiredBinding;
use crate::token::{Profile, Provider, Rules};

/// The leeway with which times are compared.
pub const LEEWAY: Duration = Duration::from_secs(30);

/// Reads the claims of a security event token of this transmitter for this audience. The transmitter
/// may speak of its own tokens, and the server trusts `other` too. Returns the event as the application
/// sees it, and the issuer of each of its revocations. Returns `None` if the event breaks a rule.
#[must_use]
pub fn security_event(
    claims: &[u8],
    transmitter: &str,
    audience: &str,
    other: &str,
    now: SystemTime,
) -> Option<(ReceivedEvent, Vec<String>)> {
    let document = json::object(claims).ok()?;
    let audiences = [audience.to_owned()];
    let context = Context { transmitter, audiences: &audiences, leeway: LEEWAY, now };
    let event = EventClaims::read(&document, &context).ok()?;
    let about = [transmitter.to_owned()];
    let trusted = vec![transmitter, other];
    let revocations =
        event.revocations(&Permissions { transmitter, about: &about, trusted }).ok()?;
    let issuers = revocations.iter().map(|revocation| revocation.of_issuer().to_owned()).collect();
    Some((event.for_application(&transmitter.into()), issuers))
}

/// Reads the claims of a logout token of this issuer for this client. Returns `None` if it breaks a
/// rule.
#[must_use]
pub fn logout_token(
    claims: &[u8],
    issuer: &str,
    client: &str,
    now: SystemTime,
) -> Option<LogoutToken> {
    let rules = Rules {
        issuer_name: None,
        audiences: Vec::new(),
        locations: Vec::new(),
        profile: Profile::Jwt,
        dialect: Provider::Standard.dialect(),
        leeway: LEEWAY,
        accepts_dpop: false,
        required_binding: RequiredBinding::default(),
    };
    let document = json::object(claims).ok()?;
    LogoutToken::read(&document, &LogoutContext { issuer, rules: &rules, now }, &[client]).ok()
}

/// Reads the body of an answer to a poll. Returns the name and the text of at most `limit` events, and
/// true if there are more. Returns `None` if the answer cannot be used.
#[must_use]
pub fn poll_answer(body: &[u8], limit: usize) -> Option<(Vec<(String, Option<String>)>, bool)> {
    let answer = PollAnswer::read(body, limit).ok()?;
    Some((answer.sets, answer.more_available))
}
