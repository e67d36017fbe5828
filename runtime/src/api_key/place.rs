//! The setting of the place of API keys.

use http::HeaderName;

use crate::credential::{KeyPlace, is_reserved_header, key_prefix_problem};
use crate::http_grammar::is_tchar;

/// The header of API keys, if no place is set.
const DEFAULT_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// The longest name of a header, in bytes.
const HEADER_LIMIT: usize = 64;

/// The longest scheme, in bytes.
const SCHEME_LIMIT: usize = 32;

/// The schemes of `Authorization` with credentials of another kind (RFC 9110 section 16.4.1 and
/// this crate).
const OTHER_SCHEMES: [&str; 8] =
    ["Basic", "Bearer", "Digest", "DPoP", "GNAP", "Mutual", "Negotiate", "OAuth"];

/// A place of API keys, as it is configured.
#[derive(Debug, Clone)]
pub(super) enum PlaceSetting {
    Header(String),
    Scheme(String),
    BearerPrefix(String),
}

/// Returns the place of API keys. Adds the problems of the settings to `problems`.
pub(super) fn place(settings: &[PlaceSetting], problems: &mut Vec<String>) -> KeyPlace {
    let default = || KeyPlace::Header(DEFAULT_HEADER);
    if settings.len() > 1 {
        let problem = "the place of API keys is set more than once: set one of `header`, `scheme` \
                       and `bearer_prefix`";
        problems.push(problem.to_owned());
    }
    let Some(setting) = settings.first() else { return default() };
    setting.place().unwrap_or_else(|problem| {
        problems.push(problem);
        default()
    })
}

impl PlaceSetting {
    fn place(&self) -> Result<KeyPlace, String> {
        match self {
            Self::Header(text) => header(text),
            Self::Scheme(text) => scheme(text),
            Self::BearerPrefix(text) => bearer(text),
        }
    }
}

/// Reads the name of a header. The error quotes only names, because an operator may have added a
/// key.
fn header(text: &str) -> Result<KeyPlace, String> {
    let name = HeaderName::try_from(text).ok().filter(|_| text.len() <= HEADER_LIMIT);
    let name = name.ok_or_else(|| {
        format!(
            "the `header` of API keys is not the name of a header of at most {HEADER_LIMIT} \
             characters, such as `X-API-Key`"
        )
    })?;
    if is_reserved_header(&name) {
        return Err(format!(
            "the `header` `{name}` of API keys has another meaning: choose another one, such as \
             `x-api-key`, or set `scheme` for keys in `Authorization`"
        ));
    }
    Ok(KeyPlace::Header(name))
}

/// Reads a scheme. The error quotes only schemes with another meaning.
fn scheme(text: &str) -> Result<KeyPlace, String> {
    if text.is_empty() || text.len() > SCHEME_LIMIT || !text.bytes().all(is_tchar) {
        return Err(format!(
            "the `scheme` of API keys is not one word of at most {SCHEME_LIMIT} characters, such \
             as `ApiKey`"
        ));
    }
    if OTHER_SCHEMES.iter().any(|other| other.eq_ignore_ascii_case(text)) {
        return Err(format!(
            "the `scheme` `{text}` of API keys has another meaning: choose another one, such as \
             `ApiKey`, or set `bearer_prefix` for keys after `Bearer`"
        ));
    }
    Ok(KeyPlace::Scheme(text.into()))
}

/// Reads a prefix. The error does not quote the text, which may be a whole key.
fn bearer(text: &str) -> Result<KeyPlace, String> {
    match key_prefix_problem(text) {
        Some(problem) => Err(format!("the `bearer_prefix` of API keys {problem}")),
        None => Ok(KeyPlace::Bearer(text.into())),
    }
}
