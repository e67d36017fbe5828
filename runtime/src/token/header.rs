//! Reads the JOSE header of a token and refuses unsupported parameters.

use super::profile::Profile;
use crate::algorithm::Algorithm;
use crate::error::Fault;
use crate::json::{Item, Object};

/// Largest accepted length of a `kid`, in bytes, about ten times the usual length. A token with a
/// longer `kid` is refused.
const MAX_KID_LENGTH: usize = 512;

/// Header parameters that the server uses. The header of a token cannot supply a key: the server
/// ignores `jku`, `x5u`, `x5c` and `jwk` (RFC 8725 section 3.10). `alg` and `kid` only select among
/// the configured algorithms and the issuer's keys.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<&'a str>,
    /// Strictest `Profile` that accepts the `typ` of this header.
    pub(crate) profile: Profile,
}

impl<'a> Header<'a> {
    pub(crate) fn read(
        header: Object<'a>,
        allowed: &[Algorithm],
        profile: Profile,
    ) -> Result<Self, Fault> {
        Self::read_as(header, allowed, |typ| profile.accepts_type(typ))
    }

    /// Reads the header of a token whose `typ` the function `accepts_type` accepts.
    pub(crate) fn read_as(
        header: Object<'a>,
        allowed: &[Algorithm],
        accepts_type: impl FnOnce(Option<&str>) -> bool,
    ) -> Result<Self, Fault> {
        let algorithm = text(header, "alg", Fault::AlgNotString)?.ok_or(Fault::AlgMissing)?;
        let algorithm = Algorithm::named(algorithm)
            .filter(|algorithm| allowed.contains(algorithm))
            .ok_or(Fault::AlgNotAccepted)?;
        refuse_extensions(header)?;
        let typ = text(header, "typ", Fault::TypNotString)?;
        if !accepts_type(typ) {
            return Err(Fault::TypOther);
        }
        if is_nested(text(header, "cty", Fault::CtyNotString)?) {
            return Err(Fault::CtyNested);
        }
        let kid = text(header, "kid", Fault::KidNotString)?;
        if kid.is_some_and(|kid| kid.len() > MAX_KID_LENGTH) {
            return Err(Fault::KidTooLong);
        }
        Ok(Self { algorithm, kid, profile: Profile::strictest(typ) })
    }
}

fn text<'a>(header: Object<'a>, name: &str, fault: Fault) -> Result<Option<&'a str>, Fault> {
    match header.get(name) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(fault),
    }
}

/// Refuses each header with `crit`: the server supports no extension, and an empty `crit` is
/// malformed (RFC 7515 section 4.1.11). Also refuses a header that declares an unencoded payload by
/// `b64`, which a JWT must not have (RFC 7797 section 7), even if `crit` does not list `b64`.
fn refuse_extensions(header: Object<'_>) -> Result<(), Fault> {
    let is_encoded = header.get("b64").is_none_or(|b64| matches!(b64, Item::Bool(true)));
    if header.contains("crit") {
        return Err(Fault::Critical);
    }
    if !is_encoded {
        return Err(Fault::Unencoded);
    }
    Ok(())
}

/// Returns true if `cty` declares that the payload of the token is itself a JWT (RFC 7519 section
/// 5.2).
fn is_nested(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|cty| super::profile::is_media_type(cty, "jwt"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::RefusalKind::{
        self, MalformedToken, UnsupportedAlgorithm, UnsupportedExtension, WrongType,
    };
    use crate::json;

    fn read(header: &str, profile: Profile) -> Result<Option<String>, RefusalKind> {
        let header = json::object(header.as_bytes()).unwrap();
        let allowed = [Algorithm::RS256, Algorithm::EdDSA];
        let header = Header::read(header.root(), &allowed, profile).map_err(Fault::kind)?;
        Ok(header.kid.map(str::to_owned))
    }

    #[test]
    fn unsupported_headers_are_refused() {
        let kid = |kid: &str| Ok(Some(kid.to_owned()));
        let long = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(513));
        let cases = [
            (r#"{"alg":"RS256"}"#, Ok(None)),
            (r#"{"alg":"RS256","kid":"a"}"#, kid("a")),
            (r#"{"alg":"Ed25519","kid":"a"}"#, kid("a")),
            (r#"{"alg":"RS256","x":1,"jku":"https://x","x5c":[],"jwk":{}}"#, Ok(None)),
            (r#"{"alg":"RS256","b64":true}"#, Ok(None)),
            (r#"{"alg":"RS256","cty":"json"}"#, Ok(None)),
            ("{}", Err(MalformedToken)),
            (r#"{"alg":null}"#, Err(MalformedToken)),
            (r#"{"alg":["RS256"]}"#, Err(MalformedToken)),
            (r#"{"alg":""}"#, Err(UnsupportedAlgorithm)),
            (r#"{"alg":"none"}"#, Err(UnsupportedAlgorithm)),
            (r#"{"alg":"rs256"}"#, Err(UnsupportedAlgorithm)),
            (r#"{"alg":"HS256"}"#, Err(UnsupportedAlgorithm)),
            (r#"{"alg":"ES256"}"#, Err(UnsupportedAlgorithm)),
            (r#"{"alg":"RS256","kid":1}"#, Err(MalformedToken)),
            (r#"{"alg":"RS256","kid":null}"#, Err(MalformedToken)),
            (long.as_str(), Err(MalformedToken)),
            (r#"{"alg":"RS256","crit":["exp"],"exp":1}"#, Err(UnsupportedExtension)),
            (r#"{"alg":"RS256","crit":[]}"#, Err(UnsupportedExtension)),
            (r#"{"alg":"RS256","crit":null}"#, Err(UnsupportedExtension)),
            (r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#, Err(UnsupportedExtension)),
            (r#"{"alg":"RS256","b64":false}"#, Err(UnsupportedExtension)),
            (r#"{"alg":"RS256","cty":"JWT"}"#, Err(WrongType)),
            (r#"{"alg":"RS256","cty":"application/jwt"}"#, Err(WrongType)),
            (r#"{"alg":"RS256","typ":7}"#, Err(MalformedToken)),
        ];
        for (header, expected) in cases {
            assert_eq!(read(header, Profile::Jwt), expected, "{header}");
        }
    }

    #[test]
    fn each_profile_accepts_its_types_only() {
        // Each test case contains a `typ`, then true if `Profile::Jwt` accepts it, then true if
        // `Profile::Rfc9068` accepts it.
        let cases = [
            (None, true, false),
            (Some("JWT"), true, false),
            (Some("jwt"), true, false),
            (Some("application/jwt"), true, false),
            (Some("at+jwt"), true, true),
            (Some("at+JWT"), true, true),
            (Some("application/at+jwt"), true, true),
            (Some("Application/AT+jwt"), true, true),
            (Some("at+jwt;v=1"), false, false),
            (Some(" at+jwt"), false, false),
            (Some("text/at+jwt"), false, false),
            (Some("application/application/at+jwt"), false, false),
            (Some("id_token"), false, false),
            (Some("logout+jwt"), false, false),
            (Some("dpop+jwt"), false, false),
            (Some("secevent+jwt"), false, false),
            (Some("token-introspection+jwt"), false, false),
            (Some("client-authentication+jwt"), false, false),
            (Some(""), false, false),
        ];
        for (typ, jwt, rfc9068) in cases {
            let typ = typ.map_or(String::new(), |typ| format!(r#","typ":"{typ}""#));
            let header = format!(r#"{{"alg":"RS256"{typ}}}"#);
            let expected = |accepted| if accepted { Ok(None) } else { Err(WrongType) };
            assert_eq!(read(&header, Profile::Jwt), expected(jwt), "{header}");
            assert_eq!(read(&header, Profile::Rfc9068), expected(rfc9068), "{header}");
        }
    }
}
