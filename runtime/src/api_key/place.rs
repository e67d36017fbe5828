//! The setting of the place of API keys.

use http::HeaderName;

use crate::credential::{
    KeyPlace, NAME_LIMIT, header_name, is_reserved_header, is_reserved_scheme, is_scheme,
    key_prefix_problem,
};

/// The header of API keys, if no place is set.
const DEFAULT_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Further schemes that API keys cannot have: `Bearer` is for tokens and has a setting of its own, and
/// `OAuth` is for tokens of OAuth 1.
const TOKEN_SCHEMES: [&str; 2] = ["Bearer", "OAuth"];

/// A place of API keys, as it is configured.
#[derive(Clone)]
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

/// Reads the name of a header. The error quotes only names, because an operator may have added a key.
fn header(text: &str) -> Result<KeyPlace, String> {
    let Some(name) = header_name(text) else {
        return Err(format!(
            "the `header` of API keys is not the name of a header of at most {NAME_LIMIT} \
             characters, such as `X-API-Key`"
        ));
    };
    if is_reserved_header(&name) {
        return Err(format!(
            "the `header` `{name}` of API keys has another meaning: choose another one, such as \
             `x-api-key`, or set `scheme` for keys in `Authorization`"
        ));
    }
    Ok(KeyPlace::Header(name))
}

/// Reads a scheme. The error does not quote a text that is not one word.
fn scheme(text: &str) -> Result<KeyPlace, String> {
    if !is_scheme(text) {
        return Err(format!(
            "the `scheme` of API keys is not one word of at most {NAME_LIMIT} characters, such as \
             `ApiKey`"
        ));
    }
    if is_reserved_scheme(text)
        || TOKEN_SCHEMES.iter().any(|other| other.eq_ignore_ascii_case(text))
    {
        return Err(format!(
            "the `scheme` `{text}` of API keys has another meaning: choose another one, such as \
             `ApiKey`, or set `bearer_prefix` for keys after `Bearer`"
        ));
    }
    Ok(KeyPlace::Scheme(text.into()))
}

/// Reads the prefix of keys. The error does not quote the text, which may be a whole key.
fn bearer(text: &str) -> Result<KeyPlace, String> {
    match key_prefix_problem(text) {
        Some(problem) => Err(format!("the `bearer_prefix` of API keys {problem}")),
        None => Ok(KeyPlace::Bearer(text.into())),
    }
}
