//! Paths to claims, from a configuration.

use serde::{Deserialize, Deserializer};

/// Paths to claims. Each path consists of the member names on the way to the claim. A file contains
/// one path as an array of names, or several paths as an array of such arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct ClaimPaths(pub(in crate::server) Vec<Vec<String>>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an array of member names, or an array of such arrays")]
enum Paths {
    One(Vec<String>),
    Several(Vec<Vec<String>>),
}

impl<'de> Deserialize<'de> for ClaimPaths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Paths::deserialize(deserializer)? {
            Paths::One(path) => vec![path],
            Paths::Several(paths) => paths,
        }))
    }
}

/// Reads names from a string or from an array of strings.
pub(super) fn names<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a claim name, or an array of claim names")]
    enum Names {
        One(String),
        Several(Vec<String>),
    }
    Ok(Some(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::Several(names) => names,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_contains_one_path_or_several() {
        let read = |text: &str| serde_json::from_str::<ClaimPaths>(text).map(|paths| paths.0).ok();
        let path = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(read(r#"["app","roles"]"#), Some(vec![path(&["app", "roles"])]));
        assert_eq!(read(r#"[["a","b"],["c"]]"#), Some(vec![path(&["a", "b"]), path(&["c"])]));
        assert_eq!(read(r#""roles""#), None);
        assert_eq!(read(r#"["a",["b"]]"#), None);
        assert_eq!(read("{}"), None);
    }
}
