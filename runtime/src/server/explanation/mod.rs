//! Explains to the operator how the server judges a token.

mod api_key;
mod introspection;
mod report;
mod rules;

use serde::Deserialize;
use serde_json::Value;

pub use self::report::{Explanation, SignatureState};
pub use self::rules::{ExplainedRule, RuleOutcome};

use self::rules::token_steps;
use super::ResourceServer;
use crate::credential::TOKEN_LIMIT;
use crate::error::TokenError;
use crate::identity::AccessToken;
use crate::json::{Document, Item};
use crate::possession::{Binding, Proof};
use crate::server::verification::candidate::{Candidate, parse};
use crate::server::verification::signature_check::check_signature;
use crate::token::{ClaimPositions, Compact, Kind, readable_parts};

impl ResourceServer {
    /// Explains how this server judges a token now: the content of the token, the issuer to which
    /// it belongs, the rules in their order, the first rule that the token fails, and the
    /// configuration that this rule compares with.
    ///
    /// This method is for an operator who wants to know why a token is refused. It applies the same
    /// rules as [`authenticate`](Self::authenticate). It does not log, does not fetch keys and does
    /// not change the cache of verified tokens. If the server has no keys of the issuer yet, the
    /// explanation says so. Wait for [`ready`](Self::ready) first.
    ///
    /// This method asks no issuer about a token. If the issuer must be asked, the explanation is that of
    /// the answer that the server has for an earlier request.
    ///
    /// The text may also be an API key that the server holds, or any API key if the server has a
    /// [`bearer_prefix`](crate::api_key::ApiKeys::bearer_prefix). This method looks no key up.
    ///
    /// The explanation contains all claims. Do not return it to clients, and do not log it.
    ///
    /// ```
    /// # use axum_protected_testing::AuthorizationServer;
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let issuer = AuthorizationServer::start().await?;
    /// let server = issuer.resource_server().build()?;
    /// server.ready().await?;
    /// let token = issuer.token().claim("aud", "account").sign();
    ///
    /// let explanation = server.explain(&token);
    /// println!("{explanation}");
    /// assert!(!explanation.is_accepted);
    /// let error = explanation.error().ok_or("the token is refused")?;
    /// assert_eq!(error.claim(), Some("aud"));
    /// assert_eq!(error.expected(), Some("`https://api.example.com`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, token: &str) -> Explanation {
        if let Some(explanation) = self.explain_key(token).or_else(|| self.explain_opaque(token)) {
            return explanation;
        }
        let compact = match parse(token) {
            Ok(compact) => compact,
            Err(fault) => {
                let is_short = token.len() <= TOKEN_LIMIT;
                let [header, claims] = if is_short { readable_parts(token) } else { [None, None] }
                    .map(|part| part.as_ref().map(value));
                let mut explanation = Explanation::new(&token_steps(), claims, Some(fault.into()));
                explanation.header = header;
                return explanation;
            }
        };
        let header = Some(value(&compact.header));
        let claims = Some(value(&compact.claims));
        let identified = self.identify(&compact, &ClaimPositions::of(&compact.claims));
        let (issuer, signature) = match &identified {
            Ok((issuer, header)) => {
                let set = issuer.keys.held();
                let result = set.as_deref().map(|set| check_signature(set, header, &compact));
                (Some(issuer.identifier.clone()), SignatureState::of(result))
            }
            Err(_) => (None, SignatureState::NotChecked),
        };
        if let Ok((issuer, _)) = &identified
            && issuer.is_asked_about_jwts()
            && signature == SignatureState::Verified
        {
            let mut explanation = self.explain_by_answer(issuer, token);
            explanation.signature = signature;
            explanation.header = header;
            return explanation;
        }
        let judged = self.judge_with_held_keys(compact);
        let accepted = judged.as_ref().ok();
        Explanation {
            is_ambiguous: accepted.is_some_and(|(_, kind)| *kind == Kind::Ambiguous),
            proofs: accepted.map_or_else(Vec::new, |(token, _)| proofs(token)),
            issuer,
            signature,
            header,
            ..Explanation::new(&token_steps(), claims, judged.err())
        }
    }

    /// Applies all rules that are about the token alone, with the keys that the server holds now.
    fn judge_with_held_keys(&self, token: Compact<'_>) -> Result<(AccessToken, Kind), TokenError> {
        let Candidate { issuer, header, claims } = self.check_without_key(&token)?;
        let set = issuer
            .keys
            .held_or_error()
            .map_err(|unavailable| issuer.refuse_without_keys(unavailable))?;
        let key = check_signature(&set, &header, &token).map_err(|kind| issuer.refuse_key(kind))?;
        let signed_by = key.signed(&header);
        let kind = claims.kind;
        Ok((self.accept(token.claims, claims, issuer, signed_by)?, kind))
    }
}

/// Returns the proofs of possession that a request must present with the token.
fn proofs(token: &AccessToken) -> Vec<Proof> {
    token.binding().map_or_else(Vec::new, Binding::proofs)
}

fn value(document: &Document) -> Value {
    Value::deserialize(Item::Object(document.root())).unwrap_or_default()
}
