//! The rules for logout tokens (OpenID Connect Back-Channel Logout sections 2.4 and 2.6).

use std::fmt;
use std::time::SystemTime;

use super::claims::{Claims, Context};
use super::error::Reason;
use super::rule::Rule;
use crate::error::Fault;
use crate::json::{Document, Item};
use crate::token::{is_media_type, string};

/// Values with which a claim may say that the token is a logout token.
const KIND: [&str; 2] = ["logout", "logout_token"];

/// Member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A verified logout token: the provider has ended a session, or all sessions of a user.
///
/// The provider may send it again, so ending the sessions must be idempotent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogoutToken {
    /// The identifier of the token (`jti`).
    pub id: String,
    /// The user (`sub`). At least one of `subject` and `session` is there.
    pub subject: Option<String>,
    /// The session at the provider (`sid`). Without it, all sessions of the user end.
    pub session: Option<String>,
    /// Time at which the provider issued the token.
    pub issued_at: SystemTime,
}

impl LogoutToken {
    /// Returns true if a logout token may have this `typ` in its header. Section 2.4 recommends
    /// `logout+jwt`, and providers that are older than this recommendation write `JWT` or nothing.
    pub(crate) fn accepts_type(typ: Option<&str>) -> bool {
        typ.is_none_or(|typ| is_media_type(typ, "logout+jwt") || is_media_type(typ, "jwt"))
    }

    /// Checks the claims of a token for one of these clients. The caller checks the signature.
    pub(crate) fn read(
        document: &Document,
        context: &Context<'_>,
        client_ids: &[impl AsRef<str>],
    ) -> Result<Self, Reason> {
        // An ID token must not end sessions (section 2.4).
        if document.root().contains("nonce") {
            return Err(Rule::HasNonce.into());
        }
        check_event(document)?;
        let claims = Claims::read(document, context, &KIND)?;
        let is_client = |audience| client_ids.iter().any(|id| id.as_ref() == audience);
        if !claims.audiences().any(is_client) {
            return Err(Rule::ClientOther.into());
        }
        claims.check_age(context)?;
        let id = string(document, claims.positions.jti, Fault::JtiNotString)?;
        let id = id.ok_or(Rule::JtiMissing)?;
        if id.is_empty() {
            return Err(Rule::JtiEmpty.into());
        }
        let (subject, session) = (claims.subject()?, claims.session()?);
        if subject.is_none() && session.is_none() {
            return Err(Rule::NobodyNamed.into());
        }
        Ok(Self {
            id: id.to_owned(),
            subject: subject.map(str::to_owned),
            session: session.map(str::to_owned),
            issued_at: claims.issued_at,
        })
    }
}

fn check_event(document: &Document) -> Result<(), Rule> {
    let events = document.root().get("events").ok_or(Rule::EventsMissing)?;
    let events = events.as_object().ok_or(Rule::EventsMalformed)?;
    match events.get(EVENT) {
        Some(Item::Object(_)) => Ok(()),
        _ => Err(Rule::EventOther),
    }
}

/// Omits the claims, which are about a person.
impl fmt::Debug for LogoutToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LogoutToken(..)")
    }
}
