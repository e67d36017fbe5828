//! The content of a configuration file: the settings of the resource server, and those that the
//! program reads itself.

use std::fmt;
use std::marker::PhantomData;

use axum_protected::ResourceServerBuilder;
use serde::de::value::{self, MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::revocation::RevocationSettings;

/// The field that the program reads itself, beside those of the builder.
const OWN: &str = "revocation";

/// The content of a configuration file.
pub(crate) struct Document {
    pub(crate) builder: ResourceServerBuilder,
    pub(crate) revocation: Option<RevocationSettings>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a table of settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Document, A::Error> {
        let mut revocation = None;
        let builder_fields = BuilderFields { fields, revocation: &mut revocation };
        let builder = Deserialize::deserialize(MapAccessDeserializer::new(builder_fields))?;
        Ok(Document { builder, revocation })
    }
}

/// The fields of the builder. The program's own field is read where it occurs, so that its errors
/// have its position.
struct BuilderFields<'a, A> {
    fields: A,
    revocation: &'a mut Option<RevocationSettings>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for BuilderFields<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        mut seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.fields.next_key_seed(NameSeed(seed, PhantomData))? {
                None => return Ok(None),
                Some(Name::OfBuilder(name)) => return Ok(Some(name)),
                Some(Name::Own(unused)) => {
                    if self.revocation.is_some() {
                        return Err(A::Error::duplicate_field(OWN));
                    }
                    *self.revocation = Some(self.fields.next_value()?);
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.fields.next_value_seed(seed)
    }
}

/// The name of a field, read by the builder unless it is the program's own.
enum Name<K, V> {
    Own(K),
    OfBuilder(V),
}

/// Reads a name. The errors of the builder arise here, where the format knows the position.
struct NameSeed<'de, K>(K, PhantomData<&'de ()>);

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for NameSeed<'de, K> {
    type Value = Name<K, K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for NameSeed<'de, K> {
    type Value = Name<K, K::Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        if name == OWN {
            return Ok(Name::Own(self.0));
        }
        let of_builder = self.0.deserialize(StrDeserializer::<value::Error>::new(name));
        of_builder.map(Name::OfBuilder).map_err(|error| E::custom(with_own_name(&error)))
    }
}

/// Adds the program's own field to the list of the expected fields in an error of the builder.
fn with_own_name(error: &value::Error) -> String {
    error.to_string().replacen("expected one of ", &format!("expected one of `{OWN}`, "), 1)
}
