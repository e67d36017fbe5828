//! Reads a configuration file in TOML or JSON.

use std::fs;
use std::path;

use serde::de::DeserializeOwned;
use serde_path_to_error::Path;

/// Reads a file whose extension is `toml` or `json`. An error names the file, the field
/// and the position of the mistake. It quotes no value, because the file may contain secrets.
pub(crate) fn read<T: DeserializeOwned>(path: &path::Path) -> Result<T, String> {
    let name = path.display();
    let extension = path.extension().and_then(|extension| extension.to_str());
    let parse = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("toml") => from_toml,
        Some("json") => from_json,
        _ => {
            return Err(format!(
                "the name of the configuration file `{name}` ends neither in `.toml` nor in `.json`"
            ));
        }
    };
    let text = fs::read_to_string(path)
        .map_err(|error| format!("cannot read the configuration file `{name}`: {error}"))?;
    parse(&text).map_err(|problem| format!("the configuration file `{name}`: {problem}"))
}

fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let document = toml::Deserializer::parse(text)
        .map_err(|error| with_toml_position(error.message(), &error, text))?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let message = with_field(error.path(), error.inner().message());
        with_toml_position(&message, error.inner(), text)
    })
}

fn with_toml_position(message: &str, error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map_or_else(
        || message.to_owned(),
        |before| {
            let line = before.matches('\n').count().saturating_add(1);
            let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
            let column = before.get(start..).map_or(0, |text| text.chars().count());
            format!("{message} at line {line} column {}", column.saturating_add(1))
        },
    )
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut document = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut document).map_err(|error| {
        // The path of a syntax error may contain a text that is not the name of a field.
        let path = error.inner().is_data().then(|| error.path().clone());
        json_problem(error.inner(), path.as_ref())
    })?;
    document.end().map_err(|error| json_problem(&error, None))?;
    Ok(value)
}

fn json_problem(error: &serde_json::Error, path: Option<&Path>) -> String {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&position).unwrap_or(&message);
    match path {
        Some(path) => format!("{}{position}", with_field(path, message)),
        None => format!("{message}{position}"),
    }
}

/// Puts the field before a message of serde, and removes the value from the message. A message about
/// an unknown field names this field itself, so the object that contains the field precedes it.
fn with_field(path: &Path, message: &str) -> String {
    let message = without_value(message);
    let segments = path.iter().len();
    let shown =
        if message.starts_with("unknown field ") { segments.saturating_sub(1) } else { segments };
    if shown == 0 {
        return message;
    }
    let names: Vec<_> = path.iter().take(shown).map(ToString::to_string).collect();
    format!("`{}`: {message}", names.join(".").replace(".[", "["))
}

/// Removes the value from a message of serde such as `invalid type: string "secret", expected a
/// map`. The kind of the value remains.
fn without_value(message: &str) -> String {
    let removed = ["invalid type: ", "invalid value: "].into_iter().find_map(|prefix| {
        let (found, expected) = message.strip_prefix(prefix)?.rsplit_once(", expected ")?;
        let kind = found.split(['"', '`']).next().unwrap_or_default().trim_end();
        Some(format!("{prefix}{kind}, expected {expected}"))
    });
    removed.unwrap_or_else(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration_document::Document;

    fn json(text: &str) -> String {
        from_json::<Document>(text).err().unwrap()
    }

    fn toml(text: &str) -> String {
        from_toml::<Document>(text).err().unwrap()
    }

    #[test]
    fn a_syntax_error_has_a_position() {
        assert_eq!(json("{\n  \"audiences\": [}"), "expected value at line 2 column 17");
        assert!(toml("audiences = [\"a\"]\nrealm = \"api").ends_with(" at line 2 column 13"));
    }

    #[test]
    fn an_unknown_field_is_named() {
        let problem = json(r#"{ "audience": "a" }"#);
        assert!(problem.starts_with("unknown field `audience`, expected one of "), "{problem}");
        let problem = toml("realm = \"api\"\naudience = \"a\"");
        assert!(problem.starts_with("unknown field `audience`, expected one of "), "{problem}");
        assert!(problem.contains("`revocation`"), "{problem}");
        assert!(problem.ends_with(" at line 2 column 1"), "{problem}");
        let problem = json(r#"{ "issuers": [{ "issuer": "a", "audience": "a" }] }"#);
        assert!(problem.starts_with("`issuers[0]`: unknown field `audience`, "), "{problem}");
        let problem = json(r#"{ "revocation": { "redis": "a", "require": true } }"#);
        assert!(problem.starts_with("`revocation`: unknown field `require`, "), "{problem}");
    }

    #[test]
    fn a_type_error_names_the_field() {
        let cases = [
            (
                r#"{ "audiences": "x" }"#,
                "audiences = \"x\"",
                "`audiences`: invalid type: string, expected a sequence at line 1 ",
            ),
            (
                r#"{ "issuers": [{ "issuer": "a", "kind_claim": "typ" }] }"#,
                "issuers = [{ issuer = \"a\", kind_claim = \"typ\" }]",
                "`issuers[0].kind_claim`: invalid type: string, expected an array of a claim name \
                 and its value at line 1 ",
            ),
            (
                r#"{ "issuers": [{ "issuer": "a", "kind_claim": ["typ", 7] }] }"#,
                "issuers = [{ issuer = \"a\", kind_claim = [\"typ\", 7] }]",
                "`issuers[0].kind_claim[1]`: invalid type: integer, expected a string at line 1 ",
            ),
            (
                r#"{ "issuers": [{ "issuer": "a", "kind_claim": ["typ"] }] }"#,
                "issuers = [{ issuer = \"a\", kind_claim = [\"typ\"] }]",
                "`issuers[0].kind_claim`: invalid length 1, expected an array of a claim name and \
                 its value at line 1 ",
            ),
            (
                r#"{ "issuers": [{ "issuer": "a", "kind_claim": ["typ", "b", "c"] }] }"#,
                "issuers = [{ issuer = \"a\", kind_claim = [\"typ\", \"b\", \"c\"] }]",
                "`issuers[0].kind_claim`: invalid length 3, expected an array of a claim name and \
                 its value at line 1 ",
            ),
        ];
        for (in_json, in_toml, expected) in cases {
            for problem in [json(in_json), toml(in_toml)] {
                assert!(problem.starts_with(expected), "{problem}");
            }
        }
        assert!(json("{} {}").starts_with("trailing characters at line 1 "), "{}", json("{} {}"));
    }

    #[test]
    fn no_error_contains_a_value() {
        let secret = "s3cr3t, expected \\\" nothing";
        for field in [
            "audiences",
            "rfc9068",
            "leeway_seconds",
            "verified_token_bytes",
            "trusted_proxies",
            "issuers",
            "require_https",
        ] {
            for problem in [
                json(&format!("{{ \"{field}\": \"{secret}\" }}")),
                toml(&format!("{field} = \"{secret}\"")),
            ] {
                assert!(problem.contains("invalid type: string, expected "), "{problem}");
                assert!(!problem.contains("s3cr3t"), "{problem}");
            }
        }
        for (field, value) in [
            ("headers", "\"Bearer s3cr3t\""),
            ("headers", "{ \"authorization\": [\"s3cr3t\"] }"),
            ("headers", "{ \"authorization\": { \"value\": \"s3cr3t\" } }"),
            ("shared_secret", "[\"s3cr3t\"]"),
            ("shared_secret", "{ \"s3cr3t\": 1 }"),
            ("roles_claim", "\"s3cr3t\""),
            ("kind_claim", "\"s3cr3t\""),
            ("required", "\"s3cr3t\""),
        ] {
            let issuer = format!(r#"{{ "issuers": [{{ "issuer": "a", "{field}": {value} }}] }}"#);
            let problem = json(&issuer);
            assert!(!problem.contains("s3cr3t") && problem.contains(" line 1 "), "{problem}");
        }
        // A syntax error in the line of a secret.
        for problem in [
            json(r#"{ "shared_secret": "s3cr3t" "realm": 1 }"#),
            toml(r#"shared_secret = "s3cr3t" "s3cr3t""#),
            toml("s3cr3t"),
            toml("shared_secret = s3cr3t"),
        ] {
            assert!(!problem.contains("s3cr3t") && problem.contains(" line 1 "), "{problem}");
        }
    }
}
