//! The name and the value of the claim that access tokens have, from a configuration.

use std::fmt;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

struct KindClaim((String, String));

impl<'de> Deserialize<'de> for KindClaim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(KindClaimVisitor).map(Self)
    }
}

struct KindClaimVisitor;

impl<'de> Visitor<'de> for KindClaimVisitor {
    type Value = (String, String);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of a claim name and its value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let name = items.next_element()?.ok_or_else(|| Error::invalid_length(0, &self))?;
        let value = items.next_element()?.ok_or_else(|| Error::invalid_length(1, &self))?;
        let mut length: usize = 2;
        while items.next_element::<IgnoredAny>()?.is_some() {
            length = length.saturating_add(1);
        }
        if length > 2 { Err(Error::invalid_length(length, &self)) } else { Ok((name, value)) }
    }
}

/// Reads an array of a name and a value.
pub(super) fn name_and_value<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<(String, String)>, D::Error> {
    Ok(Option::<KindClaim>::deserialize(deserializer)?.map(|KindClaim(kind)| kind))
}
