//! Names of components that OpenAPI allows.

/// Replaces each character that the Components Object of OpenAPI does not allow in a name by `_`.
pub(super) fn component_name(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '.' | '-' | '_' => character,
            _ if character.is_ascii_alphanumeric() => character,
            _ => '_',
        })
        .collect()
}
