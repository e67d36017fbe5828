//! Checks the signature algorithms of an issuer.

use super::{Defaults, url};
use crate::algorithm::Algorithm;
use crate::server::Issuer;
use crate::token::signature;

impl Issuer {
    pub(super) fn settle_algorithms(
        &self,
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) -> Vec<Algorithm> {
        let Some(configured) = self.algorithms.as_deref().or(defaults.algorithms) else {
            return Algorithm::ALL
                .into_iter()
                .filter(|algorithm| signature::is_supported(*algorithm))
                .collect();
        };
        if configured.is_empty() {
            let issuer = url::redacted(&self.identifier);
            problems.push(format!("the issuer `{issuer}` has an empty list of algorithms"));
        }
        for algorithm in configured.iter().filter(|one| !signature::is_supported(**one)) {
            problems.push(format!(
                "the algorithm `{algorithm}` of the issuer `{}` needs the feature `aws_lc_rs`",
                url::redacted(&self.identifier)
            ));
        }
        configured.to_vec()
    }
}
