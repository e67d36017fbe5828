//! Checks the signature algorithms of an issuer.

use super::Defaults;
use crate::algorithm::Algorithm;
use crate::server::Issuer;
use crate::server::settings::IssuerRole;
use crate::token::signature;

impl Issuer {
    /// Returns the algorithms of the issuer. The server's algorithms apply only to issuers of tokens
    /// with public keys.
    pub(super) fn accepted_algorithms(
        &self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Vec<Algorithm> {
        let has_secret = self.has_secret();
        let inherits = !has_secret && self.role == IssuerRole::Tokens;
        let inherited = defaults.algorithms.filter(|_| inherits);
        let Some(configured) = self.algorithms.as_deref().or(inherited) else {
            if has_secret {
                return vec![Algorithm::HS256];
            }
            return Algorithm::ALL
                .into_iter()
                .filter(|algorithm| signature::is_supported(*algorithm))
                .collect();
        };
        let issuer = self.named();
        if configured.is_empty() {
            problems.push(format!("the {issuer} has an empty list of algorithms"));
        }
        for algorithm in configured.iter().filter(|one| !signature::is_supported(**one)) {
            problems.push(format!(
                "the algorithm `{algorithm}` of the {issuer} needs the feature \
                 `aws_lc_rs`"
            ));
        }
        // One issuer must not have both kinds of algorithms. A published key could otherwise serve
        // as a secret (RFC 8725 section 2.1).
        for algorithm in self.algorithms.iter().flatten() {
            match (has_secret, algorithm.is_symmetric()) {
                (true, false) => problems.push(format!(
                    "the algorithm `{algorithm}` of the {issuer} needs a public key, and \
                     the issuer has a shared secret: remove the algorithm or the secret"
                )),
                (false, true) if self.role != IssuerRole::Tokens => problems.push(format!(
                    "the algorithm `{algorithm}` of the {issuer} needs a shared secret, which it \
                     cannot have: remove the algorithm"
                )),
                (false, true) => problems.push(format!(
                    "the algorithm `{algorithm}` of the {issuer} needs a shared secret: \
                     set `shared_secret`, or remove the algorithm"
                )),
                _ => {}
            }
        }
        configured.to_vec()
    }
}
