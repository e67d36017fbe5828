//! The answer to a question about a token (RFC 7662 section 2.2, RFC 9701 section 5).

use axum_protected::Algorithm;
use axum_protected::clock::{Clock, SystemClock};
use serde_json::{Map, Value, json};

use super::client_assertion::is_for;
use super::protected_resource::ProtectedResource;
use crate::token::{TokenBuilder, since_epoch};

/// The media type of a signed answer, also the request for one (RFC 9701 sections 4 and 5).
pub(super) const SIGNED: &str = "application/token-introspection+jwt";

/// Returns the answer about a token that has not been revoked. `claims` are those of the token, or
/// `None` for an unknown token. The answer has no other members for an inactive token.
pub(super) fn answer(
    claims: Option<Map<String, Value>>,
    resource: &ProtectedResource,
    now: u64,
) -> Value {
    let Some(mut claims) = claims.filter(|claims| is_active(claims, resource, now)) else {
        return json!({ "active": false });
    };
    let token_type = token_type(&claims);
    claims.entry("token_type").or_insert_with(|| token_type.into());
    claims.insert("active".to_owned(), true.into());
    Value::Object(claims)
}

/// Returns true if the token may be used now, at this resource. A token without an audience may be
/// used at each.
fn is_active(claims: &Map<String, Value>, resource: &ProtectedResource, now: u64) -> bool {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_u64);
    seconds("exp").is_none_or(|exp| exp > now)
        && seconds("nbf").is_none_or(|nbf| nbf <= now)
        && (!claims.contains_key("aud")
            || resource.audiences.iter().any(|audience| is_for(claims, audience)))
}

/// Returns the type of a token: `DPoP` for a token that is bound to a key (RFC 9449 section 6.2).
fn token_type(claims: &Map<String, Value>) -> &'static str {
    let is_bound = claims.get("cnf").is_some_and(|cnf| cnf.get("jkt").is_some());
    if is_bound { "DPoP" } else { "Bearer" }
}

/// Changes a token of the issuer whose audience is the id of the protected resource into a signed
/// answer. The claim `exp` would make it usable as a token, and is left out (RFC 9701 section 5).
pub(super) fn signed(token: TokenBuilder, algorithm: Algorithm, answer: &Value) -> String {
    let claims = json!({
        "iss": token.claims().get("iss"),
        "aud": token.claims().get("aud"),
        "iat": since_epoch(SystemClock.now()),
        "token_introspection": answer,
    });
    let token = token.algorithm(algorithm).header("typ", "token-introspection+jwt");
    token.with_claims(crate::jws::members(claims)).sign()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::members;

    const NOW: u64 = 1000;

    fn is_called_active(claims: &Value) -> bool {
        let resource = ProtectedResource::confidential("api", "secret").audience("https://api");
        let answer = answer(Some(members(claims.clone())), &resource, NOW);
        assert_eq!(answer == json!({ "active": false }), answer["active"] == false);
        answer["active"] == true
    }

    #[test]
    fn a_token_is_active_at_its_time_and_for_its_audience() {
        let cases = [
            (json!({ "aud": "https://api", "exp": 1001, "nbf": 1000 }), true),
            (json!({ "aud": ["https://other", "https://api"] }), true),
            (json!({}), true),
            (json!({ "exp": 1000 }), false),
            (json!({ "nbf": 1001 }), false),
            (json!({ "aud": "https://other" }), false),
            (json!({ "aud": [] }), false),
            (json!({ "aud": "https://api/" }), false),
        ];
        for (claims, expected) in cases {
            assert_eq!(is_called_active(&claims), expected, "{claims}");
        }
    }
}
