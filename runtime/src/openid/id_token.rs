//! The rules for ID tokens (OpenID Connect Core sections 2, 3.1.3.7 and 12.2).

use std::fmt;

use super::access_token_hash::access_token_hash;
use super::claims::{Claims, Context};
use super::error::Reason;
use super::rule::Rule;
use crate::algorithm::Algorithm;
use crate::json::{Document, Item};
use crate::token::is_media_type;

/// Values with which a claim may say that the token is an ID token.
const KIND: [&str; 2] = ["id", "id_token"];

/// Claims that the ID token of a token response must have.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "a new rule must be stated by each caller")]
pub struct IdTokenExpectation<'a> {
    /// Client id, which `aud` must contain, and to which `azp` must be equal.
    pub client_id: &'a str,
    /// Further audiences that `aud` may contain. An ID token with several audiences must have `azp`.
    pub other_audiences: &'a [String],
    /// Access token of the same response, whose hash `at_hash` must be if the ID token has it.
    pub access_token: &'a str,
    /// Request that the response answers.
    pub occasion: Occasion<'a>,
}

/// Request to the token endpoint that an ID token answers.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "a new occasion must be handled by each caller")]
pub enum Occasion<'a> {
    /// The exchange of a code. The ID token must have this `nonce`, and must be at most 10 minutes
    /// old, apart from the leeway.
    SignIn {
        /// Nonce of the authorization request. It must not be empty.
        nonce: &'a str,
    },
    /// A refresh. The ID token must have this subject. It may have no `nonce`, or that of the
    /// sign-in (OpenID Connect Core section 12.2).
    Refresh {
        /// Subject of the ID token of the sign-in.
        subject: &'a str,
        /// Nonce of the sign-in.
        nonce: &'a str,
    },
}

/// A verified ID token: the provider states who signed in.
///
/// It is not a credential for an API.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdToken {
    /// The user (`sub`), unique at the provider. It has 1 to 255 characters.
    pub subject: String,
    /// Session at the provider (`sid`), which a logout token may name.
    pub session: Option<String>,
}

impl IdToken {
    /// Returns true if an ID token may have this `typ` in its header.
    pub(crate) fn accepts_type(typ: Option<&str>) -> bool {
        typ.is_none_or(|typ| is_media_type(typ, "jwt"))
    }

    /// Checks the claims of a token that is signed with this algorithm. The caller checks the
    /// signature.
    pub(crate) fn read(
        document: &Document,
        algorithm: Algorithm,
        context: &Context<'_>,
        expected: &IdTokenExpectation<'_>,
    ) -> Result<Self, Reason> {
        if document.root().contains("events") {
            return Err(Rule::HasEvents.into());
        }
        let claims = Claims::read(document, context, &KIND)?;
        check_client(&claims, expected)?;
        let subject = claims.subject()?.ok_or(Rule::SubMissing)?;
        check_occasion(&claims, subject, context, expected.occasion)?;
        check_access_token(&claims, algorithm, expected.access_token)?;
        Ok(Self { subject: subject.to_owned(), session: claims.session()?.map(str::to_owned) })
    }
}

/// Checks that the token is for the client, and for nobody that the client does not trust (OpenID
/// Connect Core section 3.1.3.7, items 3 to 5).
fn check_client(claims: &Claims<'_>, expected: &IdTokenExpectation<'_>) -> Result<(), Rule> {
    let client = expected.client_id;
    if !claims.audiences().any(|audience| audience == client) {
        return Err(Rule::ClientOther);
    }
    let is_trusted = |audience| {
        audience == client || expected.other_audiences.iter().any(|other| other == audience)
    };
    if !claims.audiences().all(is_trusted) {
        return Err(Rule::AudienceUntrusted);
    }
    match claims.at(claims.positions.azp) {
        None if claims.audiences().nth(1).is_some() => Err(Rule::AzpMissing),
        None => Ok(()),
        Some(azp) if azp.as_str() == Some(client) => Ok(()),
        Some(_) => Err(Rule::AzpOther),
    }
}

fn check_occasion(
    claims: &Claims<'_>,
    subject: &str,
    context: &Context<'_>,
    occasion: Occasion<'_>,
) -> Result<(), Rule> {
    let found = claims.at(claims.positions.nonce);
    let is_nonce = |nonce: &str| {
        !nonce.is_empty() && found.and_then(Item::as_str).is_some_and(|found| found == nonce)
    };
    match occasion {
        Occasion::SignIn { .. } if found.is_none() => Err(Rule::NonceMissing),
        Occasion::SignIn { nonce } if !is_nonce(nonce) => Err(Rule::NonceOther),
        Occasion::SignIn { .. } => claims.check_age(context),
        Occasion::Refresh { subject: earlier, .. } if earlier != subject => Err(Rule::SubChanged),
        Occasion::Refresh { nonce, .. } if found.is_some() && !is_nonce(nonce) => {
            Err(Rule::NonceOther)
        }
        Occasion::Refresh { .. } => Ok(()),
    }
}

/// Checks `at_hash`, which the token of a code exchange may omit (OpenID Connect Core section
/// 3.1.3.6).
fn check_access_token(
    claims: &Claims<'_>,
    algorithm: Algorithm,
    access_token: &str,
) -> Result<(), Rule> {
    match claims.at(claims.positions.at_hash) {
        None => Ok(()),
        Some(Item::String(hash)) if hash == access_token_hash(algorithm, access_token) => Ok(()),
        Some(Item::String(_)) => Err(Rule::AtHashOther),
        Some(_) => Err(Rule::AtHashMalformed),
    }
}

/// Omits the values, which are secrets or are about a person.
impl fmt::Debug for IdTokenExpectation<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IdTokenExpectation")
            .field("client_id", &self.client_id)
            .field("occasion", &self.occasion)
            .finish_non_exhaustive()
    }
}

/// Omits the values.
impl fmt::Debug for Occasion<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SignIn { .. } => "SignIn { .. }",
            Self::Refresh { .. } => "Refresh { .. }",
        })
    }
}

/// Omits the claims, which are about a person.
impl fmt::Debug for IdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdToken(..)")
    }
}
