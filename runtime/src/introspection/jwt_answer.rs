//! The rules for an answer that is a JWT (RFC 9701 section 5).

use std::time::{Duration, SystemTime};

use super::answer::{Answer, Unusable};
use crate::json::{Document, Item, Object};
use crate::token::is_media_type;

/// The longest time between the `iat` of an answer and the time of this server. The issuer makes the
/// answer for the request, so that only the difference of the clocks and the duration of the exchange
/// count.
const FRESHNESS: Duration = Duration::from_secs(60);

/// The values that the claims of the JWT must have.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    /// The identifier of this server as a client of the issuer. It is not the audience of the API.
    pub(crate) client_id: &'a str,
    pub(crate) now: SystemTime,
    pub(crate) leeway: Duration,
}

/// Returns true if the header parameter `typ` names such an answer.
pub(crate) fn accepts_type(typ: Option<&str>) -> bool {
    typ.is_some_and(|typ| is_media_type(typ, "token-introspection+jwt"))
}

/// Checks the claims of the JWT, and reads the answer in it. No other claim has a meaning: a `sub`,
/// `exp`, `scope` or `active` beside `token_introspection` is never read.
pub(crate) fn content(claims: &Document, expected: &Expected<'_>) -> Result<Answer, Unusable> {
    let root = claims.root();
    let check = |holds: bool, problem| if holds { Ok(()) } else { Err(Unusable::Jwt(problem)) };
    let iss = root.get("iss").and_then(Item::as_str);
    check(iss == Some(expected.issuer), "has an `iss` that is not the issuer")?;
    check(
        has_audience(root, expected.client_id),
        "has an `aud` that does not contain the `client_id` of this server",
    )?;
    check(is_fresh(root, expected), "has an `iat` that is not the present time")?;
    let object = root
        .get("token_introspection")
        .and_then(Item::as_object)
        .ok_or(Unusable::Jwt("has no object `token_introspection`"))?;
    Answer::of_object(object, claims.size())
}

fn has_audience(claims: Object<'_>, client_id: &str) -> bool {
    match claims.get("aud") {
        Some(Item::String(audience)) => audience == client_id,
        Some(Item::Array(audiences)) => {
            audiences.items().all(|audience| audience.as_str().is_some())
                && audiences.items().any(|audience| audience.as_str() == Some(client_id))
        }
        _ => false,
    }
}

fn is_fresh(claims: Object<'_>, expected: &Expected<'_>) -> bool {
    let Some(Item::Number(number)) = claims.get("iat") else { return false };
    let Ok(since_epoch) = expected.now.duration_since(SystemTime::UNIX_EPOCH) else { return false };
    let difference = (since_epoch.as_secs_f64() - number.as_f64()).abs();
    difference <= FRESHNESS.max(expected.leeway).as_secs_f64()
}
