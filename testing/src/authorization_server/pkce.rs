//! PKCE (RFC 7636): proof that the client that redeems a code is the client that requested the
//! code.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::{ErrorCode, OAuthError};

/// The SHA-256 digest of the client's secret code verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeChallenge(Vec<u8>);

impl CodeChallenge {
    /// Reads a code challenge with the method `S256`, and refuses other methods. With `plain`, the
    /// default method, everyone who sees the authorization request knows the verifier (RFC 9700
    /// section 2.1.1).
    pub(super) fn read(challenge: &str, method: Option<&str>) -> Result<Self, OAuthError> {
        let refused = |why: &str| Err(ErrorCode::InvalidRequest.because(why));
        if method != Some("S256") {
            return refused("`code_challenge_method` is not `S256`");
        }
        match URL_SAFE_NO_PAD.decode(challenge) {
            Ok(digest) if digest.len() == SHA256.output_len() => Ok(Self(digest)),
            _ => refused("`code_challenge` is not the base64url of a SHA-256 digest"),
        }
    }

    pub(super) fn matches(&self, verifier: &str) -> bool {
        let digest = digest(&SHA256, verifier.as_bytes());
        is_verifier(verifier) && verify_slices_are_equal(digest.as_ref(), &self.0).is_ok()
    }
}

/// Returns true if a text matches `43*128unreserved` (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    matches!(text.len(), 43..=128)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The verifier and the challenge are the example of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn only_the_right_verifier_matches_its_challenge() {
        let challenge = CodeChallenge::read(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.matches(VERIFIER));
        for wrong in ["", CHALLENGE, &VERIFIER.to_lowercase(), &VERIFIER[1..]] {
            assert!(!challenge.matches(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_malformed_verifier_never_matches() {
        for weak in ["a".repeat(42), "a".repeat(129), "a".repeat(42) + " "] {
            let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, weak.as_bytes()));
            let challenge = CodeChallenge::read(&challenge, Some("S256")).unwrap();
            assert!(!challenge.matches(&weak), "{weak}");
        }
    }

    #[test]
    fn only_s256_challenges_are_accepted() {
        let padded = format!("{CHALLENGE}=");
        let cases = [
            (CHALLENGE, None),
            (CHALLENGE, Some("plain")),
            (CHALLENGE, Some("s256")),
            ("", Some("S256")),
            (&CHALLENGE[1..], Some("S256")),
            (&padded, Some("S256")),
            ("not base64url", Some("S256")),
        ];
        for (challenge, method) in cases {
            let refused = CodeChallenge::read(challenge, method).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidRequest, "{challenge}");
        }
    }
}
