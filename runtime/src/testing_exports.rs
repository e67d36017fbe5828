//! Hidden items that the crate `axum-protected-testing` uses. Applications must not use these
//! items.

use std::time::SystemTime;

use axum_core::response::Response;
use reqwest::Url;
use serde_json::{Map, Value};

use crate::dpop::ProofId;
use crate::error::RefusalKind;
use crate::policy::{Demand, Requirement, testing};
use crate::refusal;
use crate::server::Issuer;

pub use crate::policy::testing::ClaimsVerdict;

/// Returns the identifier of a proof, for tests of stores.
#[must_use]
pub fn proof_id(thumbprint: &[u8; 32], jti: &str) -> ProofId {
    ProofId::new(thumbprint, jti)
}

/// Converts the claims of an RFC 9068 token to the format of this issuer, and adds claims that
/// satisfy these demands.
#[must_use]
pub fn claims_for(
    demands: &[Demand],
    issuer: &Issuer,
    claims: Map<String, Value>,
    now: SystemTime,
) -> Map<String, Value> {
    testing::claims_for(demands, &issuer.dialect(&mut Vec::new()), claims, now)
}

/// Evaluates a requirement for claims, like a server that accepts tokens of this issuer for this
/// audience. `issuer_name` is the name that the server has for the issuer, or `None` if the name is
/// not known.
#[must_use]
pub fn verdict(
    requirement: &Requirement,
    claims: &Map<String, Value>,
    issuer: &Issuer,
    issuer_name: Option<&str>,
    audience: &str,
    now: SystemTime,
) -> ClaimsVerdict {
    let dialect = issuer.dialect(&mut Vec::new());
    testing::verdict(requirement, claims, &dialect, issuer_name, audience, now)
}

/// Returns the name with which policies refer to the issuer, if its settings have one.
#[must_use]
pub fn issuer_name(issuer: &Issuer) -> Option<&str> {
    issuer.configured_name()
}

/// Returns the kind of the refusal, or `None` if a handler, a layer or the router made the response.
/// A response that was built anew from the parts of a refusal has lost the extension that shows it.
#[must_use]
pub fn refusal_kind(response: &Response) -> Option<RefusalKind> {
    refusal::refusal_kind(response)
}

/// Returns true if the text is one scope-token (RFC 6749 section 3.3).
#[must_use]
pub fn is_scope_token(text: &str) -> bool {
    crate::granted_scopes::is_scope_token(text)
}

/// Returns true if the URL contains neither a user name nor a password, and its scheme is `https`,
/// or `http` with a host that is this machine.
#[must_use]
pub fn is_permitted(url: &Url) -> bool {
    crate::fetch::is_permitted(url, false)
}
