//! Makes request paths from route paths.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The values of path parameters, in the order in which the access matrix tries the values. If
/// `/i/1` is a separate route beside `/i/{id}`, the access matrix tries `/i/2`.
pub(super) const VALUES: [&str; 3] = ["1", "2", "access-matrix"];

/// The values that the caller chose, by the names of the parameters.
pub(super) type PathValues = BTreeMap<String, String>;

/// The bytes of one path segment that need an escape. The unreserved characters do not (RFC 3986
/// section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The bytes of several path segments that need an escape.
const SEGMENTS: &AsciiSet = &SEGMENT.remove(b'/');

/// Replaces each parameter of a route path by its chosen value, or by `other`, and each doubled
/// brace by a single brace.
pub(super) fn fill(path: &str, values: &PathValues, other: &str) -> String {
    parts(path)
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => text,
            Part::Parameter(name) => value(&name, values, other),
        })
        .collect()
}

/// Returns the names of the parameters in a route path.
pub(super) fn parameters(path: &str) -> Vec<String> {
    parts(path)
        .into_iter()
        .filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Parameter(name) => Some(name.trim_start_matches('*').to_owned()),
        })
        .collect()
}

enum Part {
    Text(String),
    /// The name of a parameter. The name of a parameter for several segments begins with `*`.
    Parameter(String),
}

fn parts(path: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        let is_brace = matches!(character, '{' | '}');
        if is_brace && characters.next_if_eq(&character).is_none() {
            let name = characters.by_ref().take_while(|character| *character != '}');
            parts.push(Part::Parameter(name.collect()));
        } else {
            parts.push(Part::Text(character.to_string()));
        }
    }
    parts
}

fn value(name: &str, values: &PathValues, other: &str) -> String {
    let (name, escaped) = match name.strip_prefix('*') {
        Some(name) => (name, SEGMENTS),
        None => (name, SEGMENT),
    };
    let chosen = values.get(name).map(|value| utf8_percent_encode(value, escaped).to_string());
    chosen.unwrap_or_else(|| other.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{PathValues, fill, parameters};

    #[test]
    fn parameters_are_replaced_and_doubled_braces_become_single() {
        let cases = [
            ("/", "/"),
            ("/i/{id}", "/i/1"),
            ("/{a}/{b}/", "/1/1/"),
            ("/x-{id}.json", "/x-1.json"),
            ("/files/{*rest}", "/files/1"),
            ("/{{id}}", "/{id}"),
            ("/a{{b}}{c}", "/a{b}1"),
            ("/{{{id}", "/{1"),
        ];
        for (path, expected) in cases {
            assert_eq!(fill(path, &PathValues::new(), "1"), expected, "{path}");
        }
    }

    #[test]
    fn a_chosen_value_is_escaped_and_keeps_the_number_of_segments() {
        let chosen = [("id", "a/b c?"), ("rest", "a/b c")];
        let values = chosen.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(fill("/i/{id}/{other}", &values, "1"), "/i/a%2Fb%20c%3F/1");
        assert_eq!(fill("/files/{*rest}", &values, "1"), "/files/a/b%20c");
        assert_eq!(parameters("/i/{id}/{{x}}/{*rest}"), ["id", "rest"]);
    }
}
