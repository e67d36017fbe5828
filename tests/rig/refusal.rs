//! Checks the form of every refusal.

use serde_json::json;

use super::client::Answer;

/// A challenge that passed a strict parser.
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge {
    /// `Bearer` or `DPoP`.
    pub scheme: &'static str,
    parameters: Vec<(String, String)>,
}

/// The parameters that a challenge may have.
const PARAMETERS: [&str; 7] =
    ["realm", "error", "error_description", "scope", "acr_values", "max_age", "resource_metadata"];

impl Challenge {
    /// Parses a scheme and its parameters. Each parameter must be quoted, occur once, and contain
    /// only the characters that RFC 6750 section 3 allows. A comma and a space must separate the
    /// parameters. Only a challenge for `DPoP` has the parameter `algs`, and it always does.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, parameters) = ["Bearer", "DPoP"]
            .into_iter()
            .find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?.strip_prefix(' ')?)))
            .ok_or("neither `Bearer ` nor `DPoP `")?;
        let mut read: Vec<(String, String)> = Vec::new();
        let mut rest = parameters;
        loop {
            let (name, after) = rest.split_once("=\"").ok_or("no quoted value")?;
            let (value, after) = after.split_once('"').ok_or("no closing quote")?;
            if !PARAMETERS.contains(&name) && (name, scheme) != ("algs", "DPoP") {
                return Err(format!("the parameter {name:?}"));
            }
            if read.iter().any(|(known, _)| known == name) {
                return Err(format!("{name} twice"));
            }
            if !in_set(name, value) {
                return Err(format!("the value of {name}: {value:?}"));
            }
            read.push((name.to_owned(), value.to_owned()));
            if after.is_empty() {
                break;
            }
            rest = after.strip_prefix(", ").ok_or("no comma")?;
        }
        let challenge = Self { scheme, parameters: read };
        if scheme == "DPoP" && challenge.get("algs").is_none() {
            return Err("no algs".to_owned());
        }
        Ok(challenge)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.parameters.iter().find(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }
}

fn in_set(name: &str, value: &str) -> bool {
    let visible = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    match name {
        "max_age" => value.parse::<u32>().is_ok(),
        "scope" | "acr_values" | "algs" => {
            value.split(' ').all(|token| !token.is_empty() && token.bytes().all(visible))
        }
        "resource_metadata" => !value.is_empty() && value.bytes().all(visible),
        _ => !value.is_empty() && value.bytes().all(|byte| byte == b' ' || visible(byte)),
    }
}

/// Asserts that the response is a refusal with this status and code by a server that accepts no
/// proofs, and returns its challenge. Also checks the problem document, unless the method is HEAD.
///
/// # Panics
///
/// Panics if any part of the response is wrong.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str) -> Option<Challenge> {
    refused_in(answer, status, code, &["Bearer"]).pop()
}

/// Asserts that the response is a refusal with this status and code by a server that accepts these
/// schemes, and returns its challenges, one for each scheme. At least one has the error, if there is
/// one.
///
/// # Panics
///
/// Panics if any part of the response is wrong.
#[track_caller]
pub fn refused_in(answer: &Answer, status: u16, code: &str, schemes: &[&str]) -> Vec<Challenge> {
    assert_eq!(answer.status, status, "{code}: {}", show(answer));
    let lines = answer.all("www-authenticate").into_iter();
    let parsed = lines.map(|line| Challenge::parse(line).map_err(|error| (error, line)));
    let challenges: Vec<_> = parsed.collect::<Result<_, _>>().expect("well-formed challenges");
    // Other credentials help neither against a server error nor a page of another site.
    let has_challenge = status < 500 && code != "cross_site_request";
    let found: Vec<_> = challenges.iter().map(|challenge| challenge.scheme).collect();
    assert_eq!(found, if has_challenge { schemes } else { &[] }, "{code}: {}", show(answer));
    let expected = match (status, code) {
        (401, "missing_token") | (500..600, _) | (_, "cross_site_request") => None,
        (400, _) => Some("invalid_request"),
        (403, _) => Some("insufficient_scope"),
        (401, "insufficient_user_authentication" | "invalid_dpop_proof" | "use_dpop_nonce") => {
            Some(code)
        }
        _ => Some("invalid_token"),
    };
    let errors: Vec<_> = challenges.iter().filter_map(|one| one.get("error")).collect();
    assert_eq!(errors.is_empty(), expected.is_none(), "{code}: {}", show(answer));
    assert!(errors.iter().all(|error| Some(*error) == expected), "{code}: {}", show(answer));
    for challenge in &challenges {
        let is_described = challenge.get("error_description").is_some();
        assert_eq!(is_described, challenge.get("error").is_some(), "{code}");
    }
    nonce(answer, code);
    retry_after(answer);
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    if answer.method != "HEAD" {
        document(answer, code);
    }
    challenges
}

/// Asserts that exactly the refusal that demands a nonce has one, in one line, with the characters
/// of RFC 9449 section 8.1.
#[track_caller]
fn nonce(answer: &Answer, code: &str) {
    let nonce = answer.header("dpop-nonce");
    assert_eq!(nonce.is_some(), code == "use_dpop_nonce", "{code}: {}", show(answer));
    if let Some(nonce) = nonce {
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        assert!(!nonce.is_empty() && nonce.bytes().all(allowed), "{nonce:?}");
    }
}

/// Asserts that a 503 has a `Retry-After` of one minute or less, and other refusals have none.
#[track_caller]
fn retry_after(answer: &Answer) {
    let seconds = answer.header("retry-after");
    assert_eq!(seconds.is_some(), answer.status == 503, "{}", show(answer));
    if let Some(seconds) = seconds {
        let seconds: u64 = seconds.parse().expect("whole seconds");
        assert!((1..=60).contains(&seconds), "{seconds} s");
    }
}

/// Asserts that the body is a problem document (RFC 9457) with this code.
#[track_caller]
fn document(answer: &Answer, code: &str) {
    let media_type = answer.header("content-type");
    assert_eq!(media_type.as_deref(), Some("application/problem+json"));
    let document = answer.value();
    let title = match answer.status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        other => panic!("the status {other}"),
    };
    let detail = document["detail"].as_str().expect("a detail");
    assert!(!detail.is_empty() && detail.is_ascii(), "{detail}");
    let expected = json!({
        "type": "about:blank",
        "title": title,
        "status": answer.status,
        "code": code,
        "detail": detail,
    });
    assert_eq!(document, expected);
}

fn show(answer: &Answer) -> String {
    let head = String::from_utf8_lossy(&answer.head);
    format!("{head}{}", String::from_utf8_lossy(&answer.body))
}
