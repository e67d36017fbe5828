//! The value of a request header, from a configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Source of the value of a request header. The value may be a credential, so `Debug` does not
/// write it.
#[derive(Clone, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected the text of the header, or `{ file = \"...\" }` with an optional `prefix`"
)]
pub(in crate::server) enum HeaderSource {
    Text(String),
    /// A file that is read anew for each fetch, with a text that is put before its content.
    File {
        file: PathBuf,
        #[serde(default)]
        prefix: String,
    },
}

impl fmt::Debug for HeaderSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("Text(..)"),
            Self::File { file, .. } => formatter.debug_tuple("File").field(file).finish(),
        }
    }
}

/// Reads the headers of a configuration. A header that occurs twice is an error, because only one of
/// the two values could apply.
pub(super) fn headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, HeaderSource>, D::Error> {
    struct Headers;

    impl<'de> Visitor<'de> for Headers {
        type Value = BTreeMap<String, HeaderSource>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a map of headers, each with its value")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut headers = BTreeMap::new();
            while let Some((name, source)) = members.next_entry::<String, HeaderSource>()? {
                if headers.contains_key(&name) {
                    return Err(A::Error::custom(format_args!("the header {name:?} is set twice")));
                }
                headers.insert(name, source);
            }
            Ok(headers)
        }
    }

    deserializer.deserialize_map(Headers)
}

#[cfg(test)]
mod tests {
    use crate::server::ResourceServerBuilder;

    #[test]
    fn a_header_that_occurs_twice_is_an_error() {
        let read = |headers: &str| {
            let text =
                format!(r#"{{"issuers":[{{"issuer":"https://a.example","headers":{headers}}}]}}"#);
            serde_json::from_str::<ResourceServerBuilder>(&text)
                .err()
                .map(|error| error.to_string())
        };
        assert_eq!(read(r#"{"x-a":"1","x-b":{"file":"/a"}}"#), None);
        let error = read(r#"{"x-a":"secret-1","x-a":"secret-2"}"#).unwrap();
        assert!(error.contains("\"x-a\" is set twice") && !error.contains("secret"), "{error}");
        assert!(read(r#"["x-a"]"#).is_some());
    }
}
