//! Reads the settings of API keys from a configuration file. Problems name the field, and never
//! show its value, which may be a key.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::digest::{KeyDigest, NOT_A_DIGEST};
use super::key::ApiKey;
use super::place::PlaceSetting;

type Read<T> = Result<T, &'static str>;

/// The settings of a file, with the problems of those that cannot be used.
#[derive(Default)]
pub(super) struct FileSettings {
    pub(super) places: Vec<PlaceSetting>,
    pub(super) keys: Vec<ApiKey>,
    pub(super) problems: Vec<String>,
}

/// Reads the settings. The problems are part of the result.
pub(super) fn read(value: &Value) -> FileSettings {
    let mut keys = FileSettings::default();
    let Some(fields) = value.as_object() else {
        keys.problems.push("`api_keys` is not a table of settings".to_owned());
        return keys;
    };
    for (name, value) in fields {
        let place: fn(String) -> PlaceSetting = match name.as_str() {
            "header" => PlaceSetting::Header,
            "scheme" => PlaceSetting::Scheme,
            "bearer_prefix" => PlaceSetting::BearerPrefix,
            "keys" => {
                read_keys(value, &mut keys);
                continue;
            }
            _ => {
                keys.problems.push(unknown(
                    name,
                    "`api_keys`",
                    "header, scheme, bearer_prefix, keys",
                ));
                continue;
            }
        };
        match text(value) {
            Ok(text) => keys.places.push(place(text)),
            Err(problem) => keys.problems.push(format!("`api_keys.{name}` {problem}")),
        }
    }
    keys
}

fn read_keys(value: &Value, keys: &mut FileSettings) {
    let Some(entries) = value.as_array() else {
        keys.problems.push("`api_keys.keys` is not an array of keys".to_owned());
        return;
    };
    for (number, entry) in (1..).zip(entries) {
        match entry.as_object() {
            Some(fields) => match read_key(fields, number) {
                Ok(key) => keys.keys.push(key),
                Err(problems) => keys.problems.extend(problems),
            },
            None => keys.problems.push(format!("the API key {number} is not a table of settings")),
        }
    }
}

fn read_key(fields: &Map<String, Value>, number: usize) -> Result<ApiKey, Vec<String>> {
    let mut problems = Vec::new();
    // The digest of a key with problems is never used.
    let mut key = ApiKey::new(KeyDigest::from_bytes([0; 32]));
    for (name, value) in fields {
        let read = match name.as_str() {
            "sha256" => digest(value).map(|digest| key.digest = digest),
            "subject" => text(value).map(|text| key.subject = Some(text)),
            "client" => text(value).map(|text| key.client = Some(text)),
            "name" => text(value).map(|text| key.name = Some(text)),
            "scopes" => texts(value).map(|texts| key.scopes = texts),
            "roles" => texts(value).map(|texts| key.roles = texts),
            "expires_at" => time(value).map(|time| key.expires_at = Some(time)),
            "claims" => value
                .as_object()
                .map(|claims| key.claims.clone_from(claims))
                .ok_or("is not a table of claims"),
            _ => {
                const KNOWN: &str =
                    "sha256, subject, client, scopes, roles, claims, expires_at, name";
                problems.push(unknown(name, &format!("the API key {number}"), KNOWN));
                continue;
            }
        };
        if let Err(problem) = read {
            problems.push(format!("the `{name}` of the API key {number} {problem}"));
        }
    }
    if !fields.contains_key("sha256") {
        problems.push(format!(
            "the `sha256` of the API key {number} is missing: set it to the digest of the key, \
             from `printf %s \"$KEY\" | sha256sum`"
        ));
    }
    if problems.is_empty() { Ok(key) } else { Err(problems) }
}

/// Returns the problem with a field that is not known. A long name is not shown, because it may be
/// a key.
fn unknown(name: &str, owner: &str, known: &str) -> String {
    let shown = if name.len() <= 24 { format!("`{name}`") } else { "(not shown)".to_owned() };
    format!("{owner} has the unknown field {shown}: the fields are {known}")
}

fn text(value: &Value) -> Read<String> {
    value.as_str().map(str::to_owned).ok_or("is not text")
}

fn texts(value: &Value) -> Read<Vec<String>> {
    let values = value.as_array().ok_or("are not an array of texts")?;
    values.iter().map(text).collect::<Read<_>>().map_err(|_| "are not an array of texts")
}

fn digest(value: &Value) -> Read<KeyDigest> {
    value.as_str().unwrap_or_default().parse().map_err(|_| NOT_A_DIGEST)
}

fn time(value: &Value) -> Read<SystemTime> {
    let text = value.as_str().unwrap_or_default();
    humantime::parse_rfc3339(text)
        .map_err(|_| "is not text with a time in UTC such as `2027-01-31T00:00:00Z`, in quotes")
}
