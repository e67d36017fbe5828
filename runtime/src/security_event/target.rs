//! The tokens that an event concerns.

use std::time::SystemTime;

use super::event_type::Effect;
use super::rule::Rule;
use super::subject::{Part, Subject};
use crate::revocation::Revocation;

/// The issuers whose tokens a transmitter may revoke.
#[derive(Debug)]
pub(crate) struct Permissions<'a> {
    /// The identifier of the transmitter.
    pub(crate) transmitter: &'a str,
    /// The issuers of the server of which the transmitter may speak.
    pub(crate) about: &'a [String],
    /// The issuers of the server.
    pub(crate) trusted: Vec<&'a str>,
}

/// The tokens of one issuer that an event concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    Token { issuer: &'a str, id: &'a str },
    Session { issuer: &'a str, id: &'a str },
    Subject { issuer: &'a str, subject: &'a str },
}

impl<'a> Permissions<'a> {
    /// Returns true if the transmitter may speak of the tokens of this issuer. An issuer that the
    /// server does not trust has no tokens that could be revoked, so it returns false and no error.
    fn permit(&self, issuer: &str) -> Result<bool, Rule> {
        if self.may_speak_of(issuer) {
            return Ok(true);
        }
        if self.trusted.contains(&issuer) { Err(Rule::SubjectForeign) } else { Ok(false) }
    }

    pub(crate) fn may_speak_of(&self, issuer: &str) -> bool {
        self.about.iter().any(|about| about == issuer)
    }

    /// Returns the issuer of an identifier that does not name one: that of the transmitter, or the
    /// only one of which it may speak.
    fn default_issuer(&self) -> Option<&'a str> {
        match self.about {
            [only] => Some(only),
            about => about.iter().map(String::as_str).find(|about| *about == self.transmitter),
        }
    }
}

/// Returns the tokens that an event with this effect and this subject concerns. There are none if
/// tokens do not show the subject.
///
/// A complex subject with a user and a session concerns the session, because a session has one user.
/// It concerns nothing if the user is of an issuer of which the transmitter cannot speak. Other
/// members, such as a device, are not visible in tokens. The event then concerns all tokens of the
/// user that it may concern.
pub(super) fn targets<'a>(
    effect: Effect,
    subject: Subject<'a>,
    permissions: &Permissions<'a>,
) -> Result<Vec<Target<'a>>, Rule> {
    if let Subject::Complex { user: Some(user), .. } = subject
        && let Some(issuer) = user.issuer()
        && !permissions.permit(issuer)?
    {
        return Ok(Vec::new());
    }
    let found = match (effect, subject) {
        (Effect::Nothing | Effect::Stream | Effect::Unknown, _) | (_, Subject::Other) => Vec::new(),
        (_, Subject::User { issuer, subject }) => vec![Target::Subject { issuer, subject }],
        (_, Subject::Token { issuer, id }) => vec![Target::Token { issuer, id }],
        (_, Subject::Opaque(id)) => of_opaque(effect, id, permissions.default_issuer()),
        (_, Subject::Complex { user, session }) => {
            of_complex(effect, user, session, permissions.default_issuer())
        }
    };
    let mut permitted = Vec::with_capacity(found.len());
    for target in found {
        if permissions.permit(target.issuer())? {
            permitted.push(target);
        }
    }
    Ok(permitted)
}

/// Returns the tokens of an identifier that does not say if it is that of a session or of a user. The
/// examples of CAEP name a session in this way, and other transmitters a user.
fn of_opaque<'a>(effect: Effect, id: &'a str, issuer: Option<&'a str>) -> Vec<Target<'a>> {
    let Some(issuer) = issuer else { return Vec::new() };
    let user = Target::Subject { issuer, subject: id };
    match effect {
        Effect::SessionEnded => vec![Target::Session { issuer, id }, user],
        _ => vec![user],
    }
}

fn of_complex<'a>(
    effect: Effect,
    user: Option<Part<'a>>,
    session: Option<Part<'a>>,
    default_issuer: Option<&'a str>,
) -> Vec<Target<'a>> {
    let issuer = user.and_then(Part::issuer).or(default_issuer);
    let user = user.and_then(|user| match user {
        Part::User { issuer, subject } => Some(Target::Subject { issuer, subject }),
        Part::Opaque(subject) => Some(Target::Subject { issuer: default_issuer?, subject }),
        Part::Token { issuer, id } => Some(Target::Token { issuer, id }),
        Part::Other => None,
    });
    let session = session.and_then(|session| match session {
        Part::Opaque(id) => Some(Target::Session { issuer: issuer?, id }),
        Part::User { issuer, subject } => Some(Target::Session { issuer, id: subject }),
        Part::Token { issuer, id } => Some(Target::Token { issuer, id }),
        Part::Other => None,
    });
    // The revocation of a session has no end in time: it would also concern the tokens that replace
    // those that are out of date.
    let concerned = match effect {
        Effect::SessionEnded => session.or(user),
        _ => user.or(session),
    };
    concerned.into_iter().collect()
}

impl Target<'_> {
    const fn issuer(&self) -> &str {
        match self {
            Self::Token { issuer, .. }
            | Self::Session { issuer, .. }
            | Self::Subject { issuer, .. } => issuer,
        }
    }

    /// Returns the revocation of these tokens, as far as they were issued up to `time`.
    pub(super) fn revocation(self, time: SystemTime) -> Revocation {
        match self {
            Self::Token { issuer, id } => Revocation::token(issuer, id),
            Self::Session { issuer, id } => Revocation::session(issuer, id),
            Self::Subject { issuer, subject } => Revocation::subject(issuer, subject, time),
        }
    }
}

#[cfg(test)]
mod tests;
