//! Reads a configuration file in TOML or JSON.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

/// Reads a file whose extension is `toml` or `json`. An error names the file and the position of
/// the mistake. It does not quote the file, because the file may contain secrets.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let name = path.display();
    let parse = match path.extension().and_then(|extension| extension.to_str()) {
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
    toml::from_str(text).map_err(|error| {
        let message = without_value(error.message());
        let before = error.span().and_then(|span| text.get(..span.start));
        before.map_or_else(
            || message.clone(),
            |before| {
                let line = before.matches('\n').count().saturating_add(1);
                let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
                let column = before.get(start..).map_or(0, |text| text.chars().count());
                format!("{message} at line {line} column {}", column.saturating_add(1))
            },
        )
    })
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let message = message.strip_suffix(&position).unwrap_or(&message);
        format!("{}{position}", without_value(message))
    })
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
    use axum_protected::ResourceServerBuilder;

    fn json(text: &str) -> String {
        from_json::<ResourceServerBuilder>(text).unwrap_err()
    }

    fn toml(text: &str) -> String {
        from_toml::<ResourceServerBuilder>(text).unwrap_err()
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
        assert!(problem.ends_with(" at line 2 column 1"), "{problem}");
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
