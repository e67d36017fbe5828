//! The signed assertion of `private_key_jwt` (RFC 7523 section 2.2).

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::token::signature::SigningKey;

/// The time for which an assertion is valid.
const LIFETIME: Duration = Duration::from_secs(60);

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client that authenticates with a private key.
pub(crate) struct Assertion {
    pub(crate) client_id: String,
    /// The identifier of the issuer. It is the only audience, so that nobody can use the assertion at
    /// another server.
    pub(crate) audience: String,
    pub(crate) key: SigningKey,
    pub(crate) kid: Option<String>,
}

impl Assertion {
    /// Returns the parameters of a request, with a new assertion.
    pub(super) fn parameters(
        &self,
        now: SystemTime,
    ) -> Result<Vec<(&'static str, String)>, String> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| format!("no randomness: {error}"))?;
        let jti = URL_SAFE_NO_PAD.encode(random);
        let assertion = self.sign(&jti, now).ok_or("the client assertion cannot be signed")?;
        Ok(vec![
            ("client_id", self.client_id.clone()),
            ("client_assertion_type", TYPE.to_owned()),
            ("client_assertion", assertion),
        ])
    }

    fn sign(&self, jti: &str, now: SystemTime) -> Option<String> {
        let issued_at = now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        let mut header = json!({ "alg": self.key.algorithm().name(), "typ": "JWT" });
        if let (Some(kid), Some(members)) = (&self.kid, header.as_object_mut()) {
            members.insert("kid".to_owned(), kid.as_str().into());
        }
        let claims = json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience,
            "jti": jti,
            "iat": issued_at,
            "exp": issued_at.saturating_add(LIFETIME.as_secs()),
        });
        let encoded = |part: &serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = self.key.sign(input.as_bytes())?;
        Some(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(all(test, any(feature = "aws_lc_rs", feature = "rust_crypto")))]
mod tests {
    use super::*;
    use crate::algorithm::Algorithm;
    use crate::json::Item;
    use crate::keys::{Choice, KeySet};
    use crate::token::Compact;

    macro_rules! pem {
        ($name:literal) => {
            include_str!(concat!("../../../tests/data/private_keys/", $name, ".pem"))
        };
    }

    #[test]
    fn an_assertion_is_signed_with_the_key_and_names_client_and_issuer() {
        for (algorithm, private, public) in [
            (Algorithm::RS256, pem!("rsa"), pem!("rsa-public")),
            (Algorithm::PS256, pem!("rsa-pkcs1"), pem!("rsa-public")),
            (Algorithm::ES256, pem!("p256-sec1"), pem!("p256-public")),
            (Algorithm::ES256, pem!("p256-with-parameters"), pem!("p256-with-parameters-public")),
            (Algorithm::ES384, pem!("p384"), pem!("p384-public")),
            (Algorithm::EdDSA, pem!("ed25519"), pem!("ed25519-public")),
        ] {
            let assertion = Assertion {
                client_id: "items-api".to_owned(),
                audience: "https://id.example.com".to_owned(),
                key: SigningKey::from_pem(private, algorithm).unwrap(),
                kid: Some("a".to_owned()),
            };
            let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_999);
            let parameters = assertion.parameters(now).unwrap();
            let names: Vec<_> = parameters.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["client_id", "client_assertion_type", "client_assertion"]);
            assert_eq!(parameters[1].1, TYPE);
            let text = &parameters[2].1;
            let token = Compact::parse(text).unwrap();
            let header = |name| token.header.root().get(name).and_then(Item::as_str);
            assert_eq!(header("alg"), Some(algorithm.name()));
            assert_eq!((header("kid"), header("typ")), (Some("a"), Some("JWT")));
            let claims = token.claims.root();
            let text_of = |name| claims.get(name).and_then(Item::as_str);
            assert_eq!(text_of("iss"), Some("items-api"));
            assert_eq!(text_of("sub"), Some("items-api"));
            assert_eq!(text_of("aud"), Some("https://id.example.com"));
            let time_of = |name| match claims.get(name) {
                Some(Item::Number(number)) => number.as_i64(),
                _ => None,
            };
            assert_eq!(time_of("iat"), Some(1_700_000_000));
            assert_eq!(time_of("exp"), Some(1_700_000_060));
            let set = KeySet::from_pem(public, &[algorithm]).unwrap();
            let Choice::Key(key) = set.choose(None, algorithm) else { panic!("{algorithm}") };
            assert!(key.verifies(token.signing_input, &token.signature), "{algorithm}");
            // Each assertion has an identifier of its own, because it may be used once.
            let other = assertion.parameters(now).unwrap();
            assert_ne!(*text, other[2].1);
        }
    }
}
