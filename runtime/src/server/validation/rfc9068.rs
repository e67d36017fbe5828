//! The rules of the profile of RFC 9068 for the configuration of an issuer.

use crate::introspection::Mode;
use crate::server::Issuer;

impl Issuer {
    /// Adds the settings with which the profile cannot hold to `problems`.
    pub(super) fn check_rfc9068(&self, problems: &mut Vec<String>) {
        if self.audience_claim.is_some() {
            let problem = "has no effect with `rfc9068`, which requires the claim `aud`: remove one \
                           of them";
            problems.push(self.problem("audience_claim", problem));
        }
        if matches!(self.mode(), Some(Mode::Only | Mode::Opaque)) {
            let problem = "accepts tokens that are not verified as JWTs, and `rfc9068` is for JWTs: \
                           set its `mode` to `always`, or remove `rfc9068`";
            problems.push(self.problem("introspection", problem));
        }
    }
}
