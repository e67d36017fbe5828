//! The rules of the FAPI 2.0 Security Profile for a configuration.

use std::time::Duration;

use crate::algorithm::Algorithm;
use crate::introspection::Mode;
use crate::redaction::redacted;
use crate::server::{Issuer, ResourceServerBuilder};

/// The permitted algorithms (FAPI 2.0 Security Profile section 5.4.1).
const ALGORITHMS: [Algorithm; 3] = [Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

/// The longest permitted leeway (FAPI 2.0 Security Profile section 5.3.2.1).
const LEEWAY_LIMIT: Duration = Duration::from_secs(60);

impl ResourceServerBuilder {
    /// Applies the defaults of the profile, and adds everything that keeps the profile from holding
    /// to `problems`. Does nothing without the profile.
    pub(in crate::server) fn apply_fapi2(&mut self, problems: &mut Vec<String>) {
        if !self.fapi2 {
            return;
        }
        self.require_https = true;
        self.algorithms.get_or_insert_with(|| ALGORITHMS.to_vec());
        if let Some(dpop) = &mut self.dpop {
            dpop.algorithms.get_or_insert_with(|| ALGORITHMS.to_vec());
        }
        let found = [self.algorithm_problems(), self.place_problems(), self.proof_problems()];
        let of_issuers = self.issuers.iter().flat_map(|issuer| self.issuer_problems(issuer));
        let texts = found.into_iter().flatten().chain(of_issuers);
        problems.extend(texts.map(|problem| format!("`fapi2`: {problem}")));
    }

    fn algorithm_problems(&self) -> Vec<String> {
        let of_server = foreign(self.algorithms.as_deref()).map(|algorithm| {
            format!("the algorithm `{algorithm}` of the server is not PS256, ES256 or EdDSA")
        });
        let proofs = self.dpop.as_ref().and_then(|dpop| dpop.algorithms.as_deref());
        let of_proofs = foreign(proofs).map(|algorithm| {
            format!("the algorithm `{algorithm}` of `dpop` is not PS256, ES256 or EdDSA")
        });
        let leeway = (self.leeway > LEEWAY_LIMIT)
            .then(|| format!("the leeway is longer than {} s", LEEWAY_LIMIT.as_secs()));
        of_server.chain(of_proofs).chain(leeway).collect()
    }

    /// Returns the settings with which credentials other than tokens in `Authorization` are accepted.
    fn place_problems(&self) -> Vec<String> {
        let places = [
            ("token_header", self.token_header.is_some()),
            ("token_scheme", self.token_scheme.is_some()),
            ("token_cookie", self.token_cookie.is_some()),
            ("websocket_protocol_token", self.websocket_protocol_token),
        ];
        let settings = places.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| {
            format!("`{name}` accepts tokens in another place than `Authorization`: remove it")
        });
        let keys = self.api_keys.is_some().then(|| {
            "`api_keys` accepts credentials that are not bound to a key: remove it".to_owned()
        });
        settings.chain(keys).collect()
    }

    fn proof_problems(&self) -> Vec<String> {
        let has_proof = self.dpop.is_some()
            || self.client_certificate_header.is_some()
            || self.certificate_bound_tokens_required;
        let problem = "no proof of possession is configured: set `dpop` or \
                       `client_certificate_header`, or `certificate_bound_tokens_required` if this \
                       program terminates TLS";
        (!has_proof).then(|| problem.to_owned()).into_iter().collect()
    }

    fn issuer_problems(&self, issuer: &Issuer) -> Vec<String> {
        let algorithms = foreign(issuer.algorithms.as_deref()).map(|algorithm| {
            let problem = format!("has `{algorithm}`, which is not PS256, ES256 or EdDSA");
            issuer.problem("algorithms", problem)
        });
        let secret = issuer
            .has_secret()
            .then(|| issuer.problem("shared_secret", "signs tokens with HMAC: use public keys"));
        let http = issuer
            .insecure_http
            .then(|| issuer.problem("insecure_http", "permits keys without TLS: remove it"));
        let status = (!self.knows_revocations(issuer)).then(|| {
            let remedy = if issuer.mode().is_some() {
                "set the `mode` of its `introspection` to `only` or `always`"
            } else {
                "configure its `introspection`, with the `mode` `always` if its tokens are JWTs"
            };
            let identifier = redacted(&issuer.identifier);
            format!(
                "the server does not know which tokens of the issuer `{identifier}` are revoked: \
                 {remedy}, or state `revocations_fed_by_application`"
            )
        });
        algorithms.chain(secret).chain(http).chain(status).collect()
    }

    /// Returns true if the revocation status of every token of the issuer is verified. In the mode
    /// `opaque`, the server does not ask about JWTs.
    fn knows_revocations(&self, issuer: &Issuer) -> bool {
        let mode = issuer.mode();
        self.revocations_fed_by_application || matches!(mode, Some(Mode::Only | Mode::Always))
    }
}

/// Returns the algorithms that the profile does not permit.
fn foreign(algorithms: Option<&[Algorithm]>) -> impl Iterator<Item = Algorithm> {
    let all = algorithms.unwrap_or_default().iter().copied();
    all.filter(|algorithm| !ALGORITHMS.contains(algorithm))
}
