//! The rules that a token must satisfy before and after the verification of its signature.

use std::sync::Arc;

use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;
use crate::credential;
use crate::error::{Fault, TokenError};
use crate::json::Document;
use crate::token::{
    AccessToken, ClaimPositions, Compact, Header, Kind, Registered, SignedBy, string,
};

/// A token that satisfies all rules that need no key. Its signature has not been verified.
pub(super) struct Examined<'server, 'token> {
    pub(super) issuer: &'server Arc<TrustedIssuer>,
    pub(super) header: Header<'token>,
    pub(super) claims: ExaminedClaims,
}

pub(super) struct ExaminedClaims {
    positions: ClaimPositions,
    registered: Registered,
    pub(super) kind: Kind,
}

/// Decodes a token that is not longer than the limit.
pub(super) fn parse(text: &str) -> Result<Compact<'_>, Fault> {
    if text.len() > credential::TOKEN_LIMIT {
        return Err(Fault::TooLong);
    }
    Compact::parse(text)
}

impl ResourceServer {
    /// Checks the rules that need no key.
    pub(super) fn examine<'server, 'token>(
        &'server self,
        token: &'token Compact<'_>,
    ) -> Result<Examined<'server, 'token>, TokenError> {
        let positions = ClaimPositions::of(&token.claims);
        let (issuer, header) = self.identify(token, &positions)?;
        let registered = Registered::read(&token.claims, &positions, &issuer.rules.dialect)
            .map_err(|fault| issuer.refuse(fault))?;
        let kind = issuer
            .rules
            .check(&token.claims, &positions, &registered, header.profile, self.now())
            .map_err(|fault| issuer.refuse(fault))?;
        Ok(Examined { issuer, header, claims: ExaminedClaims { positions, registered, kind } })
    }

    /// Returns the issuer of a token, and the header that selects one of the issuer's keys.
    pub(super) fn identify<'server, 'token>(
        &'server self,
        token: &'token Compact<'_>,
        positions: &ClaimPositions,
    ) -> Result<(&'server Arc<TrustedIssuer>, Header<'token>), TokenError> {
        let issuer = self.issuer_of(string(&token.claims, positions.iss, Fault::IssNotString)?)?;
        let header = Header::read(token.header.root(), &issuer.algorithms, issuer.rules.profile)
            .map_err(|fault| issuer.refuse(fault))?;
        Ok((issuer, header))
    }

    /// Checks the rules that apply after the verification of the signature, and creates the token.
    pub(super) fn accept(
        &self,
        document: Document,
        claims: ExaminedClaims,
        issuer: &TrustedIssuer,
        signed_by: SignedBy,
    ) -> Result<AccessToken, TokenError> {
        let ExaminedClaims { positions, registered, .. } = claims;
        let rules = &issuer.rules;
        AccessToken::new(document, &positions, registered, rules, Some(signed_by))
            .and_then(|token| self.judge_revocation(rules, &token).map(|()| token))
            .map_err(|fault| issuer.refuse(fault))
    }

    /// Returns the configured issuer whose identifier is equal to the `iss` claim. Returns an error
    /// if the claim is missing or equal to no configured identifier.
    fn issuer_of(&self, claim: Option<&str>) -> Result<&Arc<TrustedIssuer>, TokenError> {
        let identifier = claim.ok_or_else(|| self.refuse_issuer(Fault::IssMissing))?;
        let issuer = self.inner().issuers.get(identifier);
        issuer.ok_or_else(|| self.refuse_issuer(Fault::IssUnknown))
    }
}
