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
    /// The identifier of the issuer. The identifier of the issuer as the only audience prevents that
    /// another server uses the assertion at this issuer.
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
