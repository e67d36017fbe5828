//! Reads and verifies a DPoP proof (RFC 9449 section 4.3).

use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::{Map, Value};
use url::Url;

use super::DPOP;
use crate::authorization_server::error::{ErrorCode, OAuthError};
use crate::digest::sha256;
use crate::dpop_key::thumbprint;
use crate::jws::Jws;
use crate::public_key::required_members;

/// The greatest distance between the time of a proof and the present, in both directions.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// The members of a JWK that only the holder of the private key knows (RFC 7518 sections 6.2.2,
/// 6.3.2 and 6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A proof that has been read, but not verified.
pub(super) struct PresentedProof<'a> {
    jws: Jws<'a>,
}

/// The request that a proof must name.
pub(super) struct ProvenRequest<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) access_token: Option<&'a str>,
    /// The present in seconds since 1970.
    pub(super) now: u64,
}

impl<'a> PresentedProof<'a> {
    /// Returns the proof of the request, if it has one.
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Option<Self>, OAuthError> {
        let mut lines = headers.get_all(DPOP).iter();
        let Some(line) = lines.next() else {
            return Ok(None);
        };
        match (line.to_str().ok().and_then(Jws::read), lines.next()) {
            (Some(jws), None) => Ok(Some(Self { jws })),
            _ => Err(refused("`DPoP` is not one JWT")),
        }
    }

    /// Returns the thumbprint of the key, if the proof is one for this request.
    pub(super) fn verify(&self, request: &ProvenRequest<'_>) -> Result<String, OAuthError> {
        let key = self.key()?;
        let ath = request.access_token.map(sha256);
        let iat = self.jws.payload.get("iat").and_then(Value::as_u64);
        let rules = [
            (self.claim("htm") == Some(request.method), "`htm` is not the method of the request"),
            (self.is_for(request.url), "`htu` is not the URL of the request"),
            (
                iat.is_some_and(|iat| iat.abs_diff(request.now) <= WINDOW.as_secs()),
                "`iat` is missing or not recent",
            ),
            (!self.jti().is_empty(), "`jti` is missing"),
            (
                ath.is_none() || self.claim("ath") == ath.as_deref(),
                "`ath` is not the digest of the access token",
            ),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, problem)) => Err(refused(problem)),
            None => Ok(thumbprint(&key)),
        }
    }

    pub(super) fn jti(&self) -> &str {
        self.claim("jti").unwrap_or_default()
    }

    pub(super) fn nonce(&self) -> Option<&str> {
        self.claim("nonce")
    }

    /// Returns the required members of the key that has signed the proof.
    fn key(&self) -> Result<Map<String, Value>, OAuthError> {
        let header = &self.jws.header;
        if header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") {
            return Err(refused("`typ` is not `dpop+jwt`"));
        }
        if header.contains_key("crit") {
            return Err(refused("`crit` is not supported"));
        }
        let jwk = header
            .get("jwk")
            .and_then(Value::as_object)
            .ok_or_else(|| refused("`jwk` is missing"))?;
        if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
            return Err(refused("`jwk` is not a public key"));
        }
        let algorithm = self.jws.algorithm().ok_or_else(|| refused("`alg` is not supported"))?;
        required_members(jwk, algorithm)
            .filter(|key| self.jws.is_signed_by(key))
            .ok_or_else(|| refused("the signature is not that of `jwk`"))
    }

    /// Returns true if `htu` is this URL. URLs are compared after normalization, without query and
    /// fragment (RFC 9449 section 4.3).
    fn is_for(&self, url: &str) -> bool {
        let target = |url: &str| {
            let mut url = Url::parse(url).ok()?;
            url.set_query(None);
            url.set_fragment(None);
            Some(url)
        };
        self.claim("htu").and_then(target).is_some_and(|htu| Some(htu) == target(url))
    }

    fn claim(&self, name: &str) -> Option<&str> {
        self.jws.payload.get(name).and_then(Value::as_str)
    }
}

fn refused(problem: &str) -> OAuthError {
    ErrorCode::InvalidDpopProof.because(problem)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum_protected::Algorithm;
    use axum_protected::clock::{Clock, SystemClock};
    use serde_json::json;

    use super::*;
    use crate::token::since_epoch;
    use crate::{DpopKey, DpopProof};

    const URL: &str = "http://127.0.0.1:1/token";

    fn verify(proof: &str, access_token: Option<&str>) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert(DPOP, proof.parse().unwrap());
        let now = since_epoch(SystemClock.now());
        let request = ProvenRequest { method: "POST", url: URL, access_token, now };
        let proof = PresentedProof::read(&headers).map(Option::unwrap);
        proof.and_then(|proof| proof.verify(&request)).map_err(|error| {
            assert_eq!(error.code, ErrorCode::InvalidDpopProof);
            error.description
        })
    }

    #[test]
    fn a_proof_for_the_request_shows_the_key() {
        for algorithm in [Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA, Algorithm::RS256] {
            let key = DpopKey::for_algorithm(algorithm).unwrap();
            let good = key.proof("POST", format!("{URL}?x#y"));
            assert_eq!(verify(&good.clone().sign(), None), Ok(key.thumbprint()), "{algorithm}");
            let same = good.claim("htu", "HTTP://127.0.0.1:1/x/../token?query");
            assert_eq!(verify(&same.sign(), None), Ok(key.thumbprint()), "{algorithm}");
            let with_token = key.proof("POST", URL).access_token("abc").sign();
            assert_eq!(verify(&with_token, Some("abc")), Ok(key.thumbprint()), "{algorithm}");
        }
    }

    #[test]
    fn each_defect_is_named() {
        let key = DpopKey::generate().unwrap();
        let good = key.proof("POST", URL);
        let named = |name: &str, value: Value| good.clone().claim(name, value);
        let now = SystemClock.now();
        let past = now - WINDOW - Duration::from_secs(2);
        let future = now + WINDOW + Duration::from_secs(2);
        let mut with_extra_secret = key.public_jwk();
        with_extra_secret["k"] = json!("");
        let cases: [(DpopProof, &str); 22] = [
            (named("htm", json!("post")), "`htm` is not the method of the request"),
            (named("htm", json!(1)), "`htm` is not the method of the request"),
            (named("htu", json!("http://127.0.0.1:1/par")), "`htu` is not the URL of the request"),
            (
                named("htu", json!("https://127.0.0.1:1/token")),
                "`htu` is not the URL of the request",
            ),
            (named("htu", json!("/token")), "`htu` is not the URL of the request"),
            (good.clone().issued_at(past), "`iat` is missing or not recent"),
            (good.clone().issued_at(future), "`iat` is missing or not recent"),
            (good.clone().issued_at(SystemTime::UNIX_EPOCH), "`iat` is missing or not recent"),
            (named("iat", json!("1")), "`iat` is missing or not recent"),
            (named("jti", json!("")), "`jti` is missing"),
            (named("jti", json!(7)), "`jti` is missing"),
            (good.clone().header("typ", "JWT"), "`typ` is not `dpop+jwt`"),
            (good.clone().header("crit", json!(["b64"])), "`crit` is not supported"),
            (good.clone().header("alg", "none"), "`alg` is not supported"),
            (good.clone().header("alg", "HS256"), "`alg` is not supported"),
            (good.clone().header("alg", "EdDSA"), "the signature is not that of `jwk`"),
            (good.clone().header("jwk", Value::Null), "`jwk` is missing"),
            (good.clone().header("jwk", "text"), "`jwk` is missing"),
            (good.clone().header("jwk", json!({})), "the signature is not that of `jwk`"),
            (good.clone().header("jwk", with_extra_secret), "`jwk` is not a public key"),
            (good.clone().private_jwk(), "`jwk` is not a public key"),
            (
                good.clone().signed_by(&DpopKey::generate().unwrap()),
                "the signature is not that of `jwk`",
            ),
        ];
        for (proof, problem) in cases {
            assert_eq!(verify(&proof.clone().sign(), None), Err(problem.to_owned()), "{proof:?}");
        }
        for name in ["htm", "htu", "iat", "jti"] {
            assert!(verify(&good.clone().without(name).sign(), None).is_err(), "{name}");
        }
        let of_another_token = key.proof("POST", URL).access_token("abd").sign();
        for proof in [good.sign(), of_another_token] {
            let problem = "`ath` is not the digest of the access token";
            assert_eq!(verify(&proof, Some("abc")), Err(problem.to_owned()));
        }
        assert_eq!(verify("a.b.c", None), Err("`DPoP` is not one JWT".to_owned()));
    }
}
