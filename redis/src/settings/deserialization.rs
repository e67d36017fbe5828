//! Reads the settings from a text or from a table.

use std::fmt;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{RedisSettings, Table};

impl<'de> Deserialize<'de> for RedisSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = RedisSettings;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the URL of a Redis server, or a table of settings")
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<RedisSettings, E> {
        Ok(RedisSettings::new(url))
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<RedisSettings, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(table)).map(RedisSettings)
    }
}

/// Reads a secret. The error does not repeat a value of another type, such as a password of digits.
pub(super) fn secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    struct SecretVisitor;

    impl Visitor<'_> for SecretVisitor {
        type Value = Option<String>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a text in quotation marks")
        }

        fn visit_str<E: Error>(self, secret: &str) -> Result<Option<String>, E> {
            Ok(Some(secret.to_owned()))
        }

        fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
            Ok(None)
        }

        fn visit_bool<E: Error>(self, _: bool) -> Result<Option<String>, E> {
            Err(other_type())
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Option<String>, E> {
            Err(other_type())
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Option<String>, E> {
            Err(other_type())
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Option<String>, E> {
            Err(other_type())
        }
    }

    fn other_type<E: Error>() -> E {
        E::custom("a password must be a text in quotation marks")
    }

    deserializer.deserialize_any(SecretVisitor)
}

pub(super) fn whole_seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_secs))
}
