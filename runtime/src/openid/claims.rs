//! The claims that ID tokens and logout tokens have in common, and their rules.

use std::time::{Duration, SystemTime};

use super::error::Reason;
use super::rule::Rule;
use crate::error::Fault;
use crate::json::{Document, Item};
use crate::token::{ClaimPositions, Registered, Rules, string};

/// Largest accepted age of a token that the provider has just issued. Some providers set `iat` five
/// minutes back, to tolerate slow clocks.
const LARGEST_AGE: Duration = Duration::from_secs(10 * 60);

/// Longest subject, in characters (OpenID Connect Core section 2).
const LONGEST_SUBJECT: usize = 255;

/// The provider and the time that a token is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) issuer: &'a str,
    /// The rules for the access tokens of the issuer. Only the leeway of these rules applies.
    pub(crate) rules: &'a Rules,
    pub(crate) now: SystemTime,
}

/// Claims with the types that the specifications demand, of a token that is valid at this time.
pub(super) struct Claims<'a> {
    document: &'a Document,
    pub(super) positions: ClaimPositions,
    registered: Registered,
    pub(super) issued_at: SystemTime,
}

impl<'a> Claims<'a> {
    /// Checks issuer, types and time. `kind` contains the values with which `typ`, `token_use` and
    /// `token_type` may name the kind of the token.
    pub(super) fn read(
        document: &'a Document,
        context: &Context<'_>,
        kind: &[&str],
    ) -> Result<Self, Reason> {
        let positions = ClaimPositions::of(document);
        let issuer = string(document, positions.iss, Fault::IssNotString)?;
        if issuer.ok_or(Fault::IssMissing)? != context.issuer {
            return Err(Rule::IssOther.into());
        }
        check_kind(document, &positions, kind)?;
        if positions.aud.is_none() {
            return Err(Fault::AudMissing.into());
        }
        let registered = Registered::read(document, &positions, &context.rules.dialect)?;
        let issued_at = registered.issued_at.ok_or(Rule::IatMissing)?;
        context.rules.check_time(&registered, context.now)?;
        Ok(Self { document, positions, registered, issued_at })
    }

    /// Refuses a token that was not issued recently, which a provider that answers or calls now
    /// would not send.
    pub(super) fn check_age(&self, context: &Context<'_>) -> Result<(), Rule> {
        let age = context.now.duration_since(self.issued_at).unwrap_or_default();
        if age > LARGEST_AGE.saturating_add(context.rules.leeway) {
            return Err(Rule::IatOld);
        }
        Ok(())
    }

    pub(super) fn audiences(&self) -> impl Iterator<Item = &'a str> {
        self.registered.audiences(self.document)
    }

    /// Returns the subject, if there is one.
    pub(super) fn subject(&self) -> Result<Option<&'a str>, Reason> {
        let subject = string(self.document, self.positions.sub, Fault::SubNotString)?;
        if subject.is_some_and(str::is_empty) {
            return Err(Rule::SubEmpty.into());
        }
        if subject.is_some_and(|subject| subject.chars().nth(LONGEST_SUBJECT).is_some()) {
            return Err(Rule::SubLong.into());
        }
        Ok(subject)
    }

    /// Returns the session at the provider, if the token names one.
    pub(super) fn session(&self) -> Result<Option<&'a str>, Rule> {
        match self.member("sid") {
            None | Some(Item::Null) => Ok(None),
            Some(Item::String(sid)) if !sid.is_empty() => Ok(Some(sid)),
            Some(_) => Err(Rule::SidMalformed),
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<Item<'a>> {
        self.document.root().get(name)
    }

    #[cfg(feature = "__browser")]
    pub(super) fn at(&self, claim: Option<crate::json::Position>) -> Option<Item<'a>> {
        claim.map(|claim| self.document.at(claim))
    }
}

/// Refuses a token that names another kind. Keycloak writes `ID`, `Bearer` or `Logout` into `typ`,
/// Cognito `id` or `access` into `token_use`.
fn check_kind(document: &Document, found: &ClaimPositions, kind: &[&str]) -> Result<(), Rule> {
    for (claim, rule) in [
        (found.typ, Rule::TypOther),
        (found.token_use, Rule::TokenUseOther),
        (found.token_type, Rule::TokenTypeOther),
    ] {
        let Some(claim) = claim else { continue };
        let name = document.at(claim).as_str();
        if !name.is_some_and(|name| kind.iter().any(|kind| name.eq_ignore_ascii_case(kind))) {
            return Err(rule);
        }
    }
    Ok(())
}
