//! Decides about which tokens the issuer is asked.

use std::sync::Arc;

use crate::credential::{TOKEN_LIMIT, is_token68};
use crate::error::{Fault, TokenError};
use crate::introspection::Mode;
use crate::json::Item;
use crate::server::ResourceServer;
use crate::server::introspection::{Introspector, VerifiedJwt};
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verified_tokens::CachedToken;
use crate::token::{ClaimPositions, Compact, Registered, has_json_header, readable_parts};

impl ResourceServer {
    /// Returns the issuer that must be asked about the text of a token, or `None` if the token is a JWT
    /// that the server verifies. The configuration alone determines this issuer, because an opaque
    /// token does not name it.
    pub(in crate::server) fn issuer_of_opaque(
        &self,
        text: &str,
    ) -> Result<Option<&Arc<TrustedIssuer>>, Fault> {
        let Some(issuer) = &self.inner().opaque_issuer else { return Ok(None) };
        if text.len() > TOKEN_LIMIT {
            return Err(Fault::TooLong);
        }
        // Code may pass any text. A text that no header can contain would otherwise be another
        // spelling of a token, for an issuer that ignores white space or ends texts at a NUL.
        if !is_token68(text.as_bytes()) {
            return Err(Fault::OtherCharacters);
        }
        let mode = issuer.introspection.as_ref().map(Introspector::mode);
        let is_asked = match mode {
            Some(Mode::Only) => !self.names_other_issuer(text, issuer),
            _ => !has_json_header(text),
        };
        Ok(is_asked.then_some(issuer))
    }

    /// Returns true if the text is a JWT whose `iss` is a configured issuer other than this one.
    fn names_other_issuer(&self, text: &str, issuer: &TrustedIssuer) -> bool {
        let issuers = &self.inner().issuers;
        if issuers.len() == 1 {
            return false;
        }
        let [Some(_), Some(claims)] = readable_parts(text) else { return false };
        let iss = claims.root().get("iss").and_then(Item::as_str);
        iss.is_some_and(|iss| iss != issuer.identifier && issuers.contains_key(iss))
    }

    /// Verifies the signature of a JWT, then asks its issuer. The issuer is never asked about a forged
    /// token.
    pub(super) async fn verify_and_ask(
        &self,
        text: &str,
        token: Compact<'_>,
        positions: &ClaimPositions,
    ) -> Result<CachedToken, TokenError> {
        let (issuer, header) = self.identify(&token, positions)?;
        let rules = &issuer.rules;
        Registered::read_partial(&token.claims, positions)
            .and_then(|registered| {
                let (claims, now) = (&token.claims, self.now());
                rules.check_before_question(claims, positions, &registered, header.profile, now)
            })
            .map_err(|fault| issuer.refuse(fault))?;
        let (set, signed_by) = issuer.verify_signature(&header, &token).await?;
        let jwt = VerifiedJwt { claims: token.claims, set, signed_by };
        self.ask_issuer(issuer, text, Some(jwt)).await
    }
}
