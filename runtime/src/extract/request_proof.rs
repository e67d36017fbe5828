//! Judges the DPoP proof of a request once, and keeps the outcome in the request's extensions. A
//! second judgement would find that the proof was used.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderValue, Method, Uri};

use crate::credential::Credential;
use crate::dpop::{DpopJudge, Presented};
use crate::error::TokenError;
use crate::identity::AccessToken;
use crate::possession::{Proofs, Thumbprint};
use crate::server::{DpopDemand, Possession, ResourceServer};
use crate::transport::original_uri;

/// The judgements of one request. Several servers may judge one proof, in any order.
#[derive(Clone, Default)]
struct JudgedProofs(Vec<JudgedProof>);

/// The outcome of the judgement on a proof, with all that the judge has read. The outcome does not
/// count for another server, nor after a middleware has changed one of these parts.
#[derive(Clone)]
struct JudgedProof {
    judge: Arc<DpopJudge>,
    /// The header line with the access token.
    authorization: HeaderValue,
    proof: HeaderValue,
    method: Method,
    uri: Uri,
    jkt: Thumbprint,
    outcome: Result<(), TokenError>,
}

impl JudgedProof {
    fn matches(&self, parts: &Parts, credential: Credential<'_>, demand: &DpopDemand<'_>) -> bool {
        Arc::ptr_eq(&self.judge, demand.judge)
            && self.authorization == *credential.line
            && self.proof == *demand.proof
            && self.method == parts.method
            && self.uri == *original_uri(parts)
            && self.jkt == demand.jkt
    }
}

/// Records the proofs of this request in its token, if they can be judged without waiting. Returns
/// `None` if the DPoP proof of the request has not been judged yet.
#[inline(never)]
pub(super) fn recall_proofs(
    parts: &Parts,
    server: &ResourceServer,
    credential: Credential<'_>,
    token: &mut AccessToken,
) -> Option<Result<(), TokenError>> {
    let (demand, proofs) = match server.possession(parts, credential.presentation, token) {
        Ok(Possession::Proven(proofs)) => {
            token.set_proofs(proofs);
            return Some(Ok(()));
        }
        Ok(Possession::Dpop(demand, proofs)) => (demand, proofs),
        Err(fault) => return Some(Err(fault.into())),
    };
    let JudgedProofs(judged) = parts.extensions.get()?;
    let judged = judged.iter().find(|judged| judged.matches(parts, credential, &demand))?;
    Some(finish(token, proofs, judged.outcome.clone()))
}

/// Records the proofs of this request in its token. Judges the DPoP proof, unless it was judged
/// before.
pub(super) async fn judge_proofs(
    parts: &mut Parts,
    server: &ResourceServer,
    token: &mut AccessToken,
) -> Result<(), TokenError> {
    let credential = server.credential(parts)?;
    if let Some(recalled) = recall_proofs(parts, server, credential, token) {
        return recalled;
    }
    let Possession::Dpop(demand, proofs) =
        server.possession(parts, credential.presentation, token)?
    else {
        return Ok(());
    };
    let uri = original_uri(parts);
    let presented = Presented {
        proof: demand.proof,
        method: &parts.method,
        uri,
        ath: token.text_digest(credential.text),
        jkt: &demand.jkt,
    };
    let judged = JudgedProof {
        outcome: demand.judge.judge(presented).await,
        judge: Arc::clone(demand.judge),
        authorization: credential.line.clone(),
        proof: demand.proof.clone(),
        method: parts.method.clone(),
        uri: uri.clone(),
        jkt: demand.jkt,
    };
    let outcome = judged.outcome.clone();
    parts.extensions.get_or_insert_default::<JudgedProofs>().0.push(judged);
    finish(token, proofs, outcome)
}

fn finish(
    token: &mut AccessToken,
    proofs: Proofs,
    outcome: Result<(), TokenError>,
) -> Result<(), TokenError> {
    if outcome.is_ok() {
        token.set_proofs(proofs);
    }
    outcome
}
