//! Checks the rules that a token must satisfy before and after the verification of its signature.

use std::sync::Arc;

use crate::credential;
use crate::error::{Fault, TokenError};
use crate::identity::AccessToken;
use crate::json::Document;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::token::{ClaimPositions, Compact, Header, Kind, Registered, SignedBy, string};

/// A token that satisfies all rules that need no key. Its signature has not been verified.
pub(in crate::server) struct Candidate<'server, 'token> {
    pub(in crate::server) issuer: &'server Arc<TrustedIssuer>,
    pub(in crate::server) header: Header<'token>,
    pub(in crate::server) claims: CandidateClaims,
}

/// Claims of a candidate.
pub(in crate::server) struct CandidateClaims {
    positions: ClaimPositions,
    registered: Registered,
    pub(in crate::server) kind: Kind,
}

/// Decodes a token that is not longer than the limit.
pub(in crate::server) fn parse(text: &str) -> Result<Compact<'_>, Fault> {
    if text.len() > credential::TOKEN_LIMIT {
        return Err(Fault::TooLong);
    }
    Compact::parse(text)
}

impl ResourceServer {
    /// Checks the rules that need no key, and returns the token for the verification of its
    /// signature.
    pub(in crate::server) fn check_without_key<'server, 'token>(
        &'server self,
        token: &'token Compact<'_>,
    ) -> Result<Candidate<'server, 'token>, TokenError> {
        let positions = ClaimPositions::of(&token.claims);
        let (issuer, header) = self.identify(token, &positions)?;
        let claims = self.check_claims(token, positions, issuer, &header)?;
        Ok(Candidate { issuer, header, claims })
    }

    /// Checks the rules for the claims of a token of this issuer that need no key.
    pub(in crate::server) fn check_claims(
        &self,
        token: &Compact<'_>,
        positions: ClaimPositions,
        issuer: &TrustedIssuer,
        header: &Header<'_>,
    ) -> Result<CandidateClaims, TokenError> {
        let registered = Registered::read(&token.claims, &positions, &issuer.rules.dialect)
            .map_err(|fault| issuer.refuse(fault))?;
        let kind = issuer
            .rules
            .check(&token.claims, &positions, &registered, header.profile, self.now())
            .map_err(|fault| issuer.refuse(fault))?;
        Ok(CandidateClaims { positions, registered, kind })
    }

    /// Returns the issuer of a token, and the header that selects one of the issuer's keys.
    pub(in crate::server) fn identify<'server, 'token>(
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
    pub(in crate::server) fn accept(
        &self,
        document: Document,
        claims: CandidateClaims,
        issuer: &TrustedIssuer,
        signed_by: SignedBy,
    ) -> Result<AccessToken, TokenError> {
        let CandidateClaims { positions, registered, .. } = claims;
        let rules = &issuer.rules;
        AccessToken::of_jwt(document, &positions, registered, rules, Some(signed_by))
            .and_then(|token| {
                self.judge_revocation(&rules.dialect, &token, self.now()).map(|()| token)
            })
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
