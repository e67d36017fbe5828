//! Explains how the server judges a token about which it asks the issuer.

use serde::Deserialize;
use serde_json::Value;

use super::rules::answer_steps;
use super::{Explanation, proofs};
use crate::error::TokenError;
use crate::identity::AccessToken;
use crate::json::Item;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;

impl ResourceServer {
    /// Explains a token that the server does not read. Returns `None` for another text.
    pub(super) fn explain_opaque(&self, text: &str) -> Option<Explanation> {
        let issuer = self.issuer_of_opaque(text).ok()??;
        Some(self.explain_by_answer(issuer, text))
    }

    /// Explains a token by the answer that the server has for an earlier request.
    pub(super) fn explain_by_answer(&self, issuer: &TrustedIssuer, text: &str) -> Explanation {
        let judged = self.judge_by_answer(issuer, text);
        let claims = judged.as_ref().ok().map(|token| Item::Object(token.claims()));
        let claims = claims.and_then(|claims| Value::deserialize(claims).ok());
        Explanation {
            proofs: judged.as_ref().map_or_else(|_| Vec::new(), proofs),
            issuer: Some(issuer.identifier.clone()),
            ..Explanation::new(&answer_steps(issuer.is_asked_about_jwts()), claims, judged.err())
        }
    }

    fn judge_by_answer(
        &self,
        issuer: &TrustedIssuer,
        text: &str,
    ) -> Result<AccessToken, TokenError> {
        if let Some(recalled) = self.recall_token(text.as_bytes(), self.now()) {
            return recalled.map(|cached| cached.token);
        }
        let refusal = issuer.introspection.as_ref().and_then(|one| one.recall_refusal(text));
        let unknown = || {
            issuer.refuse_unanswered(
                "the server has no recent answer about the token, and an explanation asks for none",
            )
        };
        Err(refusal.unwrap_or_else(unknown))
    }
}
