//! The settings in environment variables, for a configuration without a file.

use std::ffi::OsString;

use axum_protected::revocation::FeedOutage;
use axum_protected_redis::RedisSettings;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::{RevocationSettings, SharedRevocations};

const REDIS: &str = "OAUTH_REVOCATION_REDIS";
const OUTAGE: &str = "OAUTH_REVOCATION_OUTAGE";
const REQUIRED: &str = "OAUTH_REVOCATION_REQUIRED";

/// The beginning of the names of the variables.
const PREFIX: &str = "OAUTH_REVOCATION";

/// The names of the variables.
pub(crate) const VARIABLES: [&str; 3] = [REDIS, OUTAGE, REQUIRED];

impl SharedRevocations {
    /// Reads the settings, with a function that returns the value of a variable, and checks them.
    /// Returns `None` if no variable is set. The error contains no URL.
    pub(crate) fn from_variables(
        value: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, String> {
        let Some(settings) = RevocationSettings::from_variables(value)? else { return Ok(None) };
        settings.open().map(Some).map_err(|error| format!("`{REDIS}`: {error}"))
    }
}

impl RevocationSettings {
    /// Reads the settings. The error names all variables with a problem.
    fn from_variables(value: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, String> {
        let mut problems = Vec::new();
        let mut read = |name: &str| {
            let text = value(name).map(|value| text(name, value))?;
            text.map_err(|problem| problems.push(problem)).ok()
        };
        let (url, outage, required) = (read(REDIS), read(OUTAGE), read(REQUIRED));
        let is_set = |name: &&str| value(name).is_some();
        if !is_set(&REDIS) {
            let others = VARIABLES.into_iter().filter(is_set);
            problems.extend(
                others.map(|name| format!("`{name}` has no effect without `{REDIS}`: set both")),
            );
        }
        let outage = outage.as_deref().map_or(Ok(FeedOutage::GoOn), self::outage);
        let required = required.as_deref().map_or(Ok(false), self::required);
        let settings = match (url, outage, required) {
            (Some(url), Ok(outage), Ok(required)) => Some(Self {
                redis: RedisSettings::new(url),
                outage,
                required,
                horizon_seconds: None,
            }),
            (_, outage, required) => {
                problems.extend([outage.err(), required.err()].into_iter().flatten());
                None
            }
        };
        if problems.is_empty() { Ok(settings) } else { Err(problems.join("; ")) }
    }
}

/// Returns an error if one of these variables of the environment seems to be one of the revocations,
/// and is none of them. It would have no effect.
pub(crate) fn check_names(names: impl Iterator<Item = OsString>) -> Result<(), String> {
    let unknown = names
        .filter_map(|name| name.into_string().ok())
        .find(|name| name.starts_with(PREFIX) && !VARIABLES.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| {
        let known = VARIABLES.map(|name| format!("`{name}`")).join(", ");
        Err(format!(
            "`{name}` is not a variable of this program: remove it. The variables are {known}; a \
             file can have more settings"
        ))
    })
}

/// Returns the text of a variable. An empty value is the result of a mistake in a script.
fn text(name: &str, value: OsString) -> Result<String, String> {
    let text = value.into_string().map_err(|_| format!("`{name}` is not Unicode"))?;
    match text.trim() {
        "" => Err(format!("`{name}` is empty")),
        trimmed if trimmed.len() < text.len() => {
            Err(format!("`{name}` starts or ends with white space: remove it"))
        }
        _ => Ok(text),
    }
}

fn outage(text: &str) -> Result<FeedOutage, String> {
    FeedOutage::deserialize(text.into_deserializer())
        .map_err(|_: Error| format!("`{OUTAGE}` is neither `go_on` nor `refuse`"))
}

fn required(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("`{REQUIRED}` is neither `true` nor `false`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<RevocationSettings>, String> {
        RevocationSettings::from_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_variables_are_those_of_the_file() {
        assert!(read(&[]).unwrap().is_none());
        let settings = read(&[(REDIS, "redis://redis.example")]).unwrap().unwrap();
        assert_eq!((settings.outage, settings.required), (FeedOutage::GoOn, false));
        let all = [(REDIS, "redis://redis.example"), (OUTAGE, "refuse"), (REQUIRED, "true")];
        let settings = read(&all).unwrap().unwrap();
        assert_eq!((settings.outage, settings.required), (FeedOutage::Refuse, true));
    }

    #[test]
    fn every_wrong_value_is_a_problem_that_names_the_variable() {
        let redis = (REDIS, "redis://redis.example");
        for (variables, expected) in [
            (&[(REDIS, " ")][..], "`OAUTH_REVOCATION_REDIS` is empty"),
            (
                &[(REDIS, "redis://:s3cr3t@redis ")],
                "`OAUTH_REVOCATION_REDIS` starts or ends with white space: remove it",
            ),
            (
                &[redis, (OUTAGE, "stop")],
                "`OAUTH_REVOCATION_OUTAGE` is neither `go_on` nor `refuse`",
            ),
            (
                &[redis, (REQUIRED, "yes")],
                "`OAUTH_REVOCATION_REQUIRED` is neither `true` nor `false`",
            ),
            (
                &[(OUTAGE, "refuse")],
                "`OAUTH_REVOCATION_OUTAGE` has no effect without `OAUTH_REVOCATION_REDIS`: set \
                 both",
            ),
            (
                &[redis, (OUTAGE, ""), (REQUIRED, "1")],
                "`OAUTH_REVOCATION_OUTAGE` is empty; `OAUTH_REVOCATION_REQUIRED` is neither `true` \
                 nor `false`",
            ),
        ] {
            assert_eq!(read(variables).err().as_deref(), Some(expected));
        }
    }
}
