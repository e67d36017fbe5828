//! Makes the claims of an identity from an answer that says that the token is active.

use crate::error::Fault;
use crate::json::{Document, Item, Object};
use crate::token::Dialect;

/// Members of an answer that must be strings (RFC 7662 section 2.2). Other rules check `sub` and
/// `jti`.
const STRINGS: [(&str, Fault); 4] = [
    ("iss", Fault::IssNotString),
    ("username", Fault::UsernameNotString),
    ("token_type", Fault::TokenTypeNotString),
    ("scope", Fault::AnswerScopeNotString),
];

/// Claims that grant something. They come from the answer alone.
const GRANTS: [&str; 3] = ["scope", "scp", "authorization_details"];

/// A question about a token, to which an answer belongs.
pub(crate) struct Question<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) dialect: &'a Dialect,
    /// The audiences of this API. Each may be the name of a claim with roles.
    pub(crate) audiences: &'a [String],
    /// The claims of the token, if its signature was verified.
    pub(crate) token: Option<Object<'a>>,
}

/// Returns the claims of the answer, and those claims of the token that the answer does not have.
///
/// The document has the claim `iss` even if the answer has none, because the identity names its
/// issuer. It does not have `active`, which is not a claim.
pub(crate) fn claims(answer: &Document, question: &Question<'_>) -> Result<Document, Fault> {
    let root = answer.root();
    for (name, fault) in STRINGS {
        if !matches!(root.get(name), None | Some(Item::Null | Item::String(_))) {
            return Err(fault);
        }
    }
    match root.get("iss") {
        Some(Item::String(iss)) if iss != question.issuer => return Err(Fault::AnswerIssOther),
        _ => {}
    }
    if let Some(token) = question.token {
        check_agreement(root, token, question.dialect)?;
    }
    let claims = merged(root, answer.size(), question);
    check_token_type(root, claims.root())?;
    Ok(claims)
}

/// Checks that answer and token are about the same token.
fn check_agreement(answer: Object<'_>, token: Object<'_>, dialect: &Dialect) -> Result<(), Fault> {
    for (name, fault) in [
        ("sub", Fault::AnswerSubOther),
        ("iss", Fault::AnswerIssOther),
        ("client_id", Fault::AnswerClientOther),
        ("cnf", Fault::AnswerCnfOther),
    ] {
        let differs = present(answer, name)
            .zip(present(token, name))
            .is_some_and(|(answered, claimed)| !answered.is_same(claimed));
        if differs {
            return Err(fault);
        }
    }
    match (dialect.client(answer), dialect.client(token)) {
        (Some(answered), Some(claimed)) if answered != claimed => Err(Fault::AnswerClientOther),
        _ => Ok(()),
    }
}

/// Checks that `token_type` is `DPoP` beside a binding to the key of DPoP proofs, and nowhere else (RFC
/// 9449 section 6.2). A token of this type without `jkt` would count as a bearer token, for example
/// because a gateway has removed `cnf` from the answer.
fn check_token_type(answer: Object<'_>, claims: Object<'_>) -> Result<(), Fault> {
    let token_type = answer.get("token_type").and_then(Item::as_str);
    let is_dpop = token_type.map(|token_type| token_type.eq_ignore_ascii_case("DPoP"));
    let cnf = claims.get("cnf").and_then(Item::as_object);
    let has_jkt = cnf.is_some_and(|cnf| cnf.contains("jkt"));
    match (is_dpop, has_jkt) {
        (Some(false), true) => Err(Fault::TokenTypeNotDpop),
        (Some(true), false) => Err(Fault::TokenTypeDpop),
        _ => Ok(()),
    }
}

fn merged(answer: Object<'_>, bytes: usize, question: &Question<'_>) -> Document {
    let of_answer = answer.members().filter(|(name, value)| is_claim(name, *value));
    let has_iss = answer.get("iss").is_some_and(|iss| !matches!(iss, Item::Null));
    let iss = (!has_iss).then_some(("iss", Item::String(question.issuer)));
    let of_token = question.token.into_iter().flat_map(Object::members).filter(|(name, _)| {
        let is_answered = answer.get(name).is_some_and(|value| is_claim(name, value));
        !matches!(*name, "active" | "iss") && !is_answered && !grants(question, name)
    });
    Document::of_members(of_answer.chain(iss).chain(of_token), bytes.saturating_mul(2))
}

/// Returns true for a member that becomes a claim. A member `null` counts as absent, except `aud` and
/// `exp`: a value that the server must have is then malformed.
fn is_claim(name: &str, value: Item<'_>) -> bool {
    name != "active" && (!matches!(value, Item::Null) || matches!(name, "aud" | "exp"))
}

/// Returns true if a claim of the token grants something, so that only the answer may contain it.
fn grants(question: &Question<'_>, name: &str) -> bool {
    GRANTS.contains(&name) || question.dialect.grants(name, question.audiences)
}

fn present<'a>(object: Object<'a>, name: &str) -> Option<Item<'a>> {
    object.get(name).filter(|value| !matches!(value, Item::Null))
}
